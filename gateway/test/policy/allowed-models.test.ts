import { describe, expect, test } from "vitest";
import { isModelAllowed, isModelPattern } from "../../src/policy/allowed-models.ts";

function allows(
  allowedModels: readonly string[] | undefined,
  name: string,
  models: readonly string[] = [],
): boolean {
  const principal = { keyId: "k", project: "p", ...(allowedModels === undefined ? {} : { allowedModels }) };
  return isModelAllowed(principal, name, models);
}

test("a key without a list may ask for anything, one with an empty list for nothing", () => {
  expect(allows(undefined, "anything")).toBe(true);
  expect(allows([], "anything", ["openai/gpt-4o"])).toBe(false);
});

describe.each([
  [["openai/gpt-4o"], "openai/gpt-4o", true],
  [["openai/gpt-4o"], "openai/gpt-4o-mini", false],
  [["openai/gpt-4o"], "OpenAI/gpt-4o", false],
  [["openai/*"], "openai/gpt-4o", true],
  [["openai/*"], "openai", false],
  [["openai/*"], "openai-like/gpt-4o", false],
  [["openai/*"], "azure/openai/gpt-4o", false],
  [["azure/openai/*"], "azure/openai/gpt-4o", true],
  [["gpt-*"], "gpt-4o", false],
  [["a.c"], "abc", false],
  [["fast"], "fast", true],
])("with %j", (allowed, name, expected) => {
  test(`${name} is ${expected ? "allowed" : "refused"}`, () => {
    expect(allows(allowed, name)).toBe(expected);
  });
});

test("a short name is allowed where every model that it stands for is", () => {
  expect(allows(["openai/*"], "gpt-4o", ["openai/gpt-4o"])).toBe(true);
  expect(allows(["openai/*"], "gpt-4o", ["openai/gpt-4o", "openai/gpt-4o"])).toBe(true);
});

test("a route leads past the list in none of its fallbacks, unless it is itself on it", () => {
  expect(allows(["openai/*"], "fast", ["openai/gpt-4o", "anthropic/claude"])).toBe(false);
  expect(allows(["openai/*", "fast"], "fast", ["openai/gpt-4o", "anthropic/claude"])).toBe(true);
});

test("patterns are names, or a prefix up to a slash and *", () => {
  for (const good of ["gpt-4o", "openai/gpt-4o", "openai/*", "a/b/*", "llama3.2:3b"]) {
    expect(isModelPattern(good)).toBe(true);
  }
  for (const bad of ["", "*", "/*x", "gpt-*", "*/gpt", "a b", "a,b", "a/**"])
    expect(isModelPattern(bad)).toBe(false);
});
