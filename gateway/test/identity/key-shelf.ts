import type { Store, StoredKey } from "../../src/storage/port.ts";

type KeyStore = Store["keys"];

/** The store's keys in memory, with moods. */
export class KeyShelf implements KeyStore {
  mood: "answers" | "fails" | "hangs" = "answers";
  lists = 0;
  revisions = 0;
  #keys: StoredKey[] = [];
  #revision = 0;

  async create(key: StoredKey): Promise<void> {
    this.#keys.push(key);
    this.#revision += 1;
  }

  async list(): Promise<StoredKey[]> {
    this.lists += 1;
    return [...this.#keys];
  }

  async revoke(id: string, at: number): Promise<boolean> {
    this.#keys = this.#keys.map((key) => (key.id === id ? { ...key, revokedAt: at } : key));
    this.#revision += 1;
    return this.#keys.some((key) => key.id === id);
  }

  async revision(): Promise<number> {
    this.revisions += 1;
    if (this.mood === "fails") throw new Error("the disk is gone");
    if (this.mood === "hangs") await new Promise<never>(() => {});
    return this.#revision;
  }
}
