import type { ConfigPath } from "./config-error.ts";

/** True where the value of this setting is a credential or may hold one. */
export function isSecretPath(path: ConfigPath): boolean {
  return path.some((step) => step === "apiKey" || step === "headers");
}

/** Long, without spaces, letters and digits mixed: more likely a key in the wrong place than a setting. */
function looksLikeKey(text: string): boolean {
  return (
    (text.length >= 12 && /^(?:sk|pk|ent|gsk|xai|key|hf|AIza)[-_]?\w/.test(text)) ||
    /(?=\S*\d)(?=\S*[A-Za-z])[\w+/=.-]{24,}/.test(text) ||
    /:\/\/[^/]*@/.test(text)
  );
}

/** A value as an error message may quote it: short, and never a secret. */
export function showValue(path: ConfigPath, value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "settings by name";
  if (isSecretPath(path)) return "a value that is not shown";
  if (typeof value !== "string") return JSON.stringify(value);
  if (looksLikeKey(value)) return "a value that is not shown";
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}
