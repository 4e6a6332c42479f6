import { randomFillSync } from "node:crypto";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Randomness, injected: fills with letters and digits. */
export type RandomToken = (length: number) => string;

const pool = Buffer.allocUnsafe(4096);
let used = pool.length;

/**
 * A token that begins with the time (Unix milliseconds, 9 characters): ids made one after the other lie side by side in
 * an index, so that a commit writes few pages. 15 random characters hold 89 bits.
 */
export function timedToken(milliseconds: number, random: RandomToken): string {
  return milliseconds.toString(36).padStart(9, "0") + random(15);
}

/** Letters and digits from the operating system's generator; 24 of them hold 142 bits. */
export const randomToken: RandomToken = (length) => {
  let token = "";
  while (token.length < length) {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const byte = pool[used++] ?? 0;
    // 248 is the largest multiple of 62 in a byte: no letter is more likely than another.
    if (byte < 248) token += alphabet[byte % 62];
  }
  return token;
};
