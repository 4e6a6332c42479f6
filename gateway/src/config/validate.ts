import type { z } from "zod";
import { ConfigError, type ConfigPath, type ConfigProblem } from "./config-error.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { Interpolated } from "./interpolate.ts";
import { type Finding, type Locate, toProblem } from "./problem.ts";
import { type ConfigFile, configSchema } from "./schema.ts";
import { showValue } from "./show-value.ts";

type Issue = z.core.$ZodIssue;

/** Checks the filled-in content of a file against the schema. @throws ConfigError with every problem found. */
export function validate(content: Interpolated, file: string, locate: Locate): ConfigFile {
  const result = configSchema.safeParse(content.value);
  // What could not be filled in is told once, not again as a value of the wrong kind.
  const told = new Set(content.problems.map(({ path }) => JSON.stringify(path)));
  const found: Finding[] = content.problems.map(({ path, message }) => ({ path, message, of: "value" }));
  for (const issue of result.error?.issues ?? []) {
    for (const finding of collectFindings(issue, [], content)) {
      if (!told.has(JSON.stringify(finding.path))) found.push(finding);
    }
  }
  if (result.success && found.length === 0) return result.data;
  throw new ConfigError(found.map((finding) => toProblem(finding, locate)).toSorted(byPosition), file);
}

function byPosition(a: ConfigProblem, b: ConfigProblem): number {
  return (
    (a.position?.line ?? 0) - (b.position?.line ?? 0) || (a.position?.column ?? 0) - (b.position?.column ?? 0)
  );
}

function collectFindings(issue: Issue, base: ConfigPath, content: Interpolated): Finding[] {
  const path: ConfigPath = [...base, ...issue.path.map((step) => (typeof step === "symbol" ? "" : step))];
  if (issue.code === "unrecognized_keys") {
    const valid = issue.message.split("\n");
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `unknown key '${key}'${didYouMean(key, valid) || `; valid here: ${valid.join(", ")}`}`,
      of: "key",
    }));
  }
  if (issue.code === "invalid_key")
    return [{ path, message: `expected ${issue.issues[0]?.message ?? "another name"}`, of: "key" }];
  if (issue.code === "invalid_union") {
    // The form that the value has is the one it was meant in; its own problems say more than "neither fits".
    const meant = issue.errors.filter((issues) => !issues.some(isOtherForm));
    const [only] = meant;
    if (meant.length === 1 && only !== undefined)
      return only.flatMap((inner) => collectFindings(inner, path, content));
  }
  if (issue.code === "custom" && issue.params?.["whole"] === true)
    return [{ path, message: issue.message, of: "value" }];
  const value = valueAt(content.value, path);
  if (value === undefined) return [{ path, message: `missing; expected ${issue.message}`, of: "key" }];
  const shown = showValue(path, content.written.get(JSON.stringify(path)) ?? value);
  return [{ path, message: `expected ${issue.message}; got ${shown}`, of: "value" }];
}

function isOtherForm(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value");
}

function valueAt(root: unknown, path: ConfigPath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
