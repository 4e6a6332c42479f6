import { expect, test } from "vitest";
import { scrub } from "../../src/relay/scrub.ts";

test.each([
  "Incorrect API key provided: sk-proj-abcdefghijklmnop.",
  "Incorrect API key provided: sk-ab****************wxyz.",
  "bad key AIzaSyA1234567890abcdefghijklmnopqrstuv",
  "token Bearer abcdefgh12345678 refused",
  "signed by AKIAIOSFODNN7EXAMPLE",
  "key 0123456789abcdef0123456789abcdef is unknown",
  "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc",
  "at Object.<anonymous> (/home/vendor/app/server.js:10:5)",
  "ent-abcdefghijklmnopqrstuvwxyz0123456789ABCD",
])("removes what must not be shown: %s", (message) => {
  const secret = /sk-\w|AIza|Bearer a|AKIA|0123456789abcdef0|eyJ|\/home|ent-a/;
  expect(message).toMatch(secret);
  expect(scrub(message)).not.toMatch(secret);
  expect(scrub(message)).toContain("[removed]");
});

test("keeps an ordinary sentence, on one line and bounded", () => {
  expect(scrub("Unsupported value: 'temperature' does not support 0.2.")).toBe(
    "Unsupported value: 'temperature' does not support 0.2.",
  );
  expect(scrub("a\r\nb\u0000c")).toBe("a b c");
  expect(scrub("x".repeat(5000)).length).toBeLessThan(1100);
});
