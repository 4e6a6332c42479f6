import { hash } from "node:crypto";
import type { RandomToken } from "../core/ids.ts";

export type KeyKind = "project" | "admin";

const secretLength = 40;
const prefixes: Record<KeyKind, string> = { project: "ent-", admin: "ent-admin-" };

/** `ent-` or `ent-admin-` and 40 letters and digits: 238 bits, so that one plain hash is enough to store it by. */
export function generateKey(kind: KeyKind, random: RandomToken): string {
  return prefixes[kind] + random(secretLength);
}

/** Whether it is written as our keys are. Says nothing about whether the key exists. */
export function isKeyShaped(text: string): boolean {
  return /^ent-(?:admin-)?[0-9A-Za-z]{40}$/.test(text);
}

/** SHA-256 in hex: all that is ever stored of a key. */
export function hashKey(key: string): string {
  return hash("sha256", key, "hex");
}

/** `ent-Ab3...9xYz`: enough to recognise a key by, far too little to guess it from. */
export function keyHint(key: string): string {
  const prefix = key.startsWith(prefixes.admin) ? prefixes.admin : prefixes.project;
  return `${key.slice(0, prefix.length + 3)}...${key.slice(-4)}`;
}
