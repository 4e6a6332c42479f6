import { expect, test } from "vitest";
import { fromDataUrl, toDataUrl } from "../../src/dialects/openai-media.ts";

test.each([
  ["data:image/png;base64,AAAA", "image/png", "AAAA"],
  ["data:text/plain;charset=utf-8;base64,QUJD", "text/plain;charset=utf-8", "QUJD"],
  ["data:;base64,AAAA", "", "AAAA"],
  ["data:image/png;base64,", "image/png", ""],
])("%s is bytes, and the same URL again", (url, mediaType, data) => {
  const source = fromDataUrl(url);
  expect(source).toEqual({ kind: "base64", mediaType, data });
  expect(toDataUrl({ kind: "base64", mediaType, data })).toBe(url);
});

test.each([
  "https://example.com/a;base64,AAAA",
  "data:text/plain,say ;base64,AAAA",
  "data:text/plain;base64",
  "AAAA",
  "",
])("'%s' stays what it is", (url) => {
  expect(fromDataUrl(url)).toBeUndefined();
});
