import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

const namePattern = /^(\d{10})\.journal$/;

/**
 * The journal's numbered files in a folder, readable by their owner only. A line is handed to the operating system before `append` returns:
 * it survives the death of this process, not a loss of power.
 */
export class JournalFiles {
  readonly #folder: string;
  readonly #sizes = new Map<number, number>();
  /** Files that an earlier process left, oldest first. */
  readonly found: readonly number[];
  #descriptor: number | undefined;
  #last: number;
  #torn = false;
  #total = 0;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.found = readdirSync(folder)
      .map((name) => namePattern.exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .sort((a, b) => a - b);
    for (const file of this.found) this.#grow(file, statSync(this.#path(file)).size);
    this.#last = this.found.at(-1) ?? 0;
    this.#begin();
  }

  /** The file that is written to. */
  get active(): number {
    return this.#last;
  }

  /** Bytes in the active file. */
  get activeBytes(): number {
    return this.#sizes.get(this.#last) ?? 0;
  }

  /** Bytes in all files. */
  get totalBytes(): number {
    return this.#total;
  }

  /** @throws Error of the file system; what was half written then is no line. */
  append(line: string): void {
    if (this.#descriptor === undefined) throw new Error("The journal is closed.");
    // Sets a new line apart from the rest of one that a full disk cut short.
    const text = this.#torn ? `\n${line}` : line;
    this.#torn = true;
    const written = writeSync(this.#descriptor, text);
    this.#grow(this.#last, written);
    if (written < Buffer.byteLength(text)) throw new Error("The disk took only a part of a line.");
    this.#torn = false;
  }

  /** Goes on in a new file. */
  rotate(): void {
    this.close();
    this.#begin();
  }

  read(file: number): string[] {
    return readFileSync(this.#path(file), "utf8").split("\n");
  }

  /** What cannot be removed stays, counts to the journal's size, and is removed at a later start. */
  remove(file: number): void {
    try {
      rmSync(this.#path(file), { force: true });
    } catch {
      return;
    }
    this.#total -= this.#sizes.get(file) ?? 0;
    this.#sizes.delete(file);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #begin(): void {
    const next = this.#last + 1;
    this.#descriptor = openSync(this.#path(next), "ax", 0o600);
    this.#last = next;
    this.#torn = false;
  }

  #grow(file: number, bytes: number): void {
    this.#sizes.set(file, (this.#sizes.get(file) ?? 0) + bytes);
    this.#total += bytes;
  }

  #path(file: number): string {
    return join(this.#folder, `${String(file).padStart(10, "0")}.journal`);
  }
}
