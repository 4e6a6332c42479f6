import type { Intent } from "../core/settlement.ts";
import type { SettledCall } from "../storage/port.ts";
import { JournalFiles } from "./journal-files.ts";
import { intentLine, type JournalEntry, readLine } from "./journal-line.ts";

export interface JournalLimits {
  /** Size in bytes at which the next file begins. */
  readonly fileBytes: number;
  /** Bytes of all files together beyond which no more calls are noted. */
  readonly mostBytes: number;
}

export const defaultJournalLimits: JournalLimits = { fileBytes: 4 << 20, mostBytes: 512 << 20 };

/** Where the last line of a call stands; that file stays until the call is in the store. */
interface Pin {
  file: number;
  settled: boolean;
  /** The settlement stands in the file alone, not in memory. */
  shelved: boolean;
}

/**
 * The calls that are not in the store yet, on disk. Each call pins the file of its last line; a file that no call pins is removed. What
 * an earlier process left is read newest file first, so that a call's settlement is met before its intent.
 */
export class Journal {
  readonly #files: JournalFiles;
  readonly #limits: JournalLimits;
  readonly #pins = new Map<string, Pin>();
  readonly #pinned = new Map<number, number>();
  /** Files with settlements that stand in no memory. */
  readonly #shelves = new Set<number>();
  /** Files of an earlier process not yet read; the newest is the last. */
  readonly #unread: number[];
  #met = new Set<string>();

  /** @throws Error of the file system where the folder cannot be used. */
  constructor(folder: string, limits: JournalLimits = defaultJournalLimits) {
    this.#files = new JournalFiles(folder);
    this.#limits = limits;
    this.#unread = [...this.#files.found];
  }

  /** Calls known to be not in the store. */
  get pending(): number {
    return this.#pins.size;
  }

  /** Whether something is left to `load`. */
  get hasBacklog(): boolean {
    return this.#unread.length > 0 || this.#shelves.size > 0;
  }

  /** Ids of calls that are settled and not in the store. */
  *settledIds(): Generator<string> {
    for (const [id, pin] of this.#pins) if (pin.settled) yield id;
  }

  isSettled(id: string): boolean {
    return this.#pins.get(id)?.settled === true;
  }

  /** @throws Error where the line cannot be written: the call is then not noted. */
  open(intent: Intent): void {
    if (this.#files.totalBytes >= this.#limits.mostBytes) throw new Error("The journal is full.");
    this.#append(intentLine(intent));
    this.#pin(intent.id, false, false);
  }

  /**
   * Notes what calls were, in one write. `shelve`: the caller will not keep them and asks for them again by `load`.
   *
   * @throws Error where the lines cannot be written: the caller must keep the settlements.
   */
  settle(calls: readonly SettledCall[], shelve: boolean): void {
    let lines = "";
    for (const { text } of calls) lines += `${text}\n`;
    this.#append(lines);
    for (const { id } of calls) this.#pin(id, true, shelve);
    if (shelve) this.#shelves.add(this.#files.active);
  }

  /** The caller has the settlement of this call, written or not. */
  keep(id: string): void {
    const pin = this.#pins.get(id);
    if (pin === undefined) this.#pin(id, true, false);
    else pin.settled = true;
  }

  /** The call is in the store. */
  release(id: string): void {
    const pin = this.#pins.get(id);
    if (pin === undefined) return;
    this.#pins.delete(id);
    this.#unpin(pin.file);
  }

  /** The entries of one file of the backlog, which the caller keeps from now on. Intents are of calls that never came to their end. */
  load(): JournalEntry[] {
    const [shelf] = this.#shelves;
    if (shelf !== undefined) return this.#takeShelf(shelf);
    const file = this.#unread.pop();
    return file === undefined ? [] : this.#readEarlier(file);
  }

  /** Removes the files that are not needed, all of them where nothing is pending. */
  close(): void {
    this.#files.close();
    this.#removeIfFree(this.#files.active);
  }

  #takeShelf(file: number): JournalEntry[] {
    const taken: JournalEntry[] = [];
    for (const line of this.#files.read(file)) {
      const entry = readLine(line);
      if (entry?.kind !== "settlement") continue;
      const pin = this.#pins.get(entry.call.id);
      if (pin?.file !== file || !pin.shelved) continue;
      pin.shelved = false;
      taken.push(entry);
    }
    this.#shelves.delete(file);
    return taken;
  }

  #readEarlier(file: number): JournalEntry[] {
    const entries = new Map<string, JournalEntry>();
    for (const line of this.#files.read(file)) {
      const entry = readLine(line);
      if (entry === undefined) continue;
      const { id } = entry.kind === "intent" ? entry.intent : entry.call;
      if (this.#met.has(id)) continue;
      if (entry.kind === "settlement" || entries.get(id)?.kind !== "settlement") entries.set(id, entry);
    }
    for (const id of entries.keys()) {
      this.#met.add(id);
      this.#pins.set(id, { file, settled: true, shelved: false });
    }
    this.#pinned.set(file, entries.size);
    this.#removeIfFree(file);
    if (this.#unread.length === 0) this.#met = new Set();
    return [...entries.values()];
  }

  #append(line: string): void {
    const full = this.#files.active;
    if (this.#files.activeBytes >= this.#limits.fileBytes) {
      this.#files.rotate();
      this.#removeIfFree(full);
    }
    this.#files.append(line);
  }

  #pin(id: string, settled: boolean, shelved: boolean): void {
    const file = this.#files.active;
    const pin = this.#pins.get(id);
    if (pin === undefined) {
      this.#pins.set(id, { file, settled, shelved });
      this.#pinned.set(file, (this.#pinned.get(file) ?? 0) + 1);
      return;
    }
    const before = pin.file;
    pin.settled = settled;
    pin.shelved = shelved;
    if (before === file) return;
    pin.file = file;
    this.#pinned.set(file, (this.#pinned.get(file) ?? 0) + 1);
    this.#unpin(before);
  }

  #unpin(file: number): void {
    this.#pinned.set(file, (this.#pinned.get(file) ?? 1) - 1);
    if (file !== this.#files.active) this.#removeIfFree(file);
  }

  #removeIfFree(file: number): void {
    if ((this.#pinned.get(file) ?? 0) > 0) return;
    this.#pinned.delete(file);
    this.#files.remove(file);
  }
}
