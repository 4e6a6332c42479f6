import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { configJsonSchema } from "../../src/config/json-schema.ts";
import { configReference } from "../../src/config/reference.ts";
import { loadText } from "./config-folder.ts";

const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(configJsonSchema());

test("every setting in the reference page is described and has a kind of value", () => {
  const rows = configReference()
    .split("\n")
    .filter((line) => /^\| \**`[a-z]+[.[]/.test(line));
  expect(rows.length).toBeGreaterThan(80);
  for (const row of rows) expect(row).toMatch(/^\| \**`[^`]+`\** \| \S.* \| \S.*\. \|$/);
});

test("the page's example is a valid file, for us and for an editor", async () => {
  const example = /```yaml\n([\s\S]*?)```/.exec(configReference())?.[1] ?? "";
  expect(validate(parse(example))).toBe(true);
  const { config } = await loadText(example, { OPENAI_API_KEY: "a", AZURE_EU_KEY: "b" });
  expect(Object.keys(config.routes)).toEqual(["chat", "cheap"]);
});

test.each([
  ["listen: {port: '${PORT}'}", true],
  ["listen: {port: 99999}", false],
  ["listen: {prot: 1}", false],
  ["log: {level: '${LEVEL:-info}'}", true],
  ["log: {level: loud}", false],
  ["deadlines: {total: 2m}", true],
  ["deadlines: {total: soon}", false],
  ["channels: [{provider: a, model: b, price: free}]", true],
  ["channels: [{provider: a, model: b, price: {input: 0.15, output: '0.6'}}]", true],
  ["channels: [{provider: a, model: b, price: {input: 0.15}}]", false],
  ["routes: {a: [b/c], d: {steps: [{channels: [b/c]}]}}", true],
  ["providers: {a/b: {kind: openai}}", false],
  ["providers: {a: {}}", false],
])("the JSON Schema takes `%s`: %s", (yaml, valid) => {
  expect(validate(parse(yaml))).toBe(valid);
});
