import { expect, test } from "vitest";
import { visibleConfig } from "../../src/config/visible-config.ts";
import { loadText } from "./config-folder.ts";

test("the visible config has everything but the credentials", async () => {
  const { config } = await loadText(
    "providers: {a: {kind: openai, apiKey: '${KEY}', headers: {x-org: '${KEY}'}, price: {input: 0.15, output: 1}}}\n",
    { KEY: "very-secret" },
  );
  const visible = visibleConfig(config);
  expect(JSON.stringify(visible)).not.toContain("very-secret");
  expect(visible).toMatchObject({
    listen: { port: 8080 },
    providers: {
      a: {
        kind: "openai",
        apiKey: "(hidden)",
        headers: { "x-org": "(hidden)" },
        price: { input: "150000000", output: "1000000000" },
      },
    },
  });
});
