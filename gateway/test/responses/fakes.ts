import type { Clock } from "../../src/core/clock.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { Principal } from "../../src/core/principal.ts";
import type { Store, StoredResponse } from "../../src/storage/port.ts";

/** The responses part of the storage port, in memory. */
export class MemoryResponses implements ReturnType<() => Store["responses"]> {
  readonly rows = new Map<string, StoredResponse>();
  reads = 0;
  writes = 0;
  failing = false;

  #key(project: string, id: string): string {
    return `${project}/${id}`;
  }

  async put(response: StoredResponse): Promise<void> {
    if (this.failing) throw new Error("the disk is full");
    this.writes += 1;
    this.rows.set(this.#key(response.project, response.id), response);
  }

  async get(project: string, id: string, now: number): Promise<StoredResponse | undefined> {
    this.reads += 1;
    const row = this.rows.get(this.#key(project, id));
    return row !== undefined && row.expiresAt > now ? row : undefined;
  }

  async delete(project: string, id: string): Promise<boolean> {
    return this.rows.delete(this.#key(project, id));
  }

  async expire(now: number): Promise<number> {
    const old = [...this.rows].filter(([, row]) => row.expiresAt <= now);
    for (const [key] of old) this.rows.delete(key);
    return old.length;
  }
}

/** A clock that only moves when told. */
export class ManualClock implements Clock {
  time = 1_795_000_000_000;
  readonly #timers = new Map<() => void, number>();

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  after(milliseconds: number, action: () => void): () => void {
    this.#timers.set(action, this.time + milliseconds);
    return () => this.#timers.delete(action);
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
    const due = [...this.#timers].filter(([, at]) => at <= this.time);
    for (const [action] of due) {
      this.#timers.delete(action);
      action();
    }
  }
}

export const alice: Principal = { keyId: "key-a", project: "red" };
export const bob: Principal = { keyId: "key-b", project: "blue" };

export function answer(id: string, text: string): JsonObject {
  return {
    id,
    object: "response",
    status: "completed",
    output: [
      {
        type: "message",
        id: id.replace("resp_", "msg_") + "_0",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text, annotations: [], logprobs: [] }],
      },
    ],
  };
}
