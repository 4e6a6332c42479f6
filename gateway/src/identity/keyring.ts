import type { Clock } from "../core/clock.ts";
import { Fault } from "../core/fault.ts";
import type { Principal } from "../core/principal.ts";
import type { Store, StoredKey } from "../storage/port.ts";
import { hashKey, isKeyShaped } from "./key-format.ts";
import { isLoopback } from "./loopback.ts";
import { presentedKey, type RequestHeaders } from "./presented-key.ts";

/** What the log should hear of the keyring's connection to the store. */
export type KeyringNews =
  /** The store has not answered for so many milliseconds; known keys go on being served. */
  | { readonly kind: "stale"; readonly milliseconds: number; readonly error: Error }
  | { readonly kind: "fresh" };

export interface KeyringOptions {
  readonly keys: Pick<Store["keys"], "list" | "revision">;
  readonly clock: Clock;
  readonly onNews: (news: KeyringNews) => void;
  /** Milliseconds between looks at the store. With the time to read it, a revocation takes effect within a second. */
  readonly poll?: number;
  /** Milliseconds without an answer before one gives up on it and it is news; and between repetitions of the news. */
  readonly staleAfter?: number;
}

interface KnownKey {
  readonly stored: StoredKey;
  /** Made once for each key, so that whatever is compiled from it can be kept beside it. */
  readonly principal: Principal;
}

/**
 * Every key of the store, by hash, in memory. A look-up is one SHA-256 (0.3 µs) and one Map read: there is no cache by
 * the raw key, which would keep keys in memory to save nothing. Nothing compares keys letter by letter, so the time
 * tells at most about bits of a hash that the caller cannot steer.
 */
export class Keyring {
  readonly #options: Required<KeyringOptions>;
  #known: ReadonlyMap<string, KnownKey> = new Map();
  #revision: number | undefined;
  #refreshedAt: number;
  #reportedAt: number | undefined;
  #running: Promise<void> | undefined;
  #cancelPoll = () => {};
  #closed = false;

  private constructor(options: KeyringOptions) {
    this.#options = { poll: 500, staleAfter: 5000, ...options };
    this.#refreshedAt = options.clock.monotonic();
  }

  /** Reads the keys and follows the store from then on. Rejects where the first read fails. */
  static async open(options: KeyringOptions): Promise<Keyring> {
    const keyring = new Keyring(options);
    await keyring.#read();
    keyring.#pollLater();
    return keyring;
  }

  /** @throws Fault `missing_key`, `invalid_key`, `expired_key`, `revoked_key` or `wrong_key_kind`. */
  identify(headers: RequestHeaders): Principal {
    return this.#find(headers, "project").principal;
  }

  /**
   * @param remoteAddress Of the connection's other end, not of a header that anybody can write.
   * @param access From where the control API answers: `admin.access`.
   * @throws Fault as `identify` does, and `not_found` where the control API does not answer this caller at all.
   */
  identifyAdmin(
    headers: RequestHeaders,
    remoteAddress: string | undefined,
    access: "loopback" | "network" | "off",
  ): Principal {
    if (access === "off" || (access === "loopback" && !isLoopback(remoteAddress)))
      throw new Fault("not_found", {
        detail:
          "The control API is not open to this address; `admin.access` in entente.yaml says to which it is.",
      });
    return this.#find(headers, "admin").principal;
  }

  /**
   * Reads what has changed in the store; for whoever has just changed a key, so that it counts at once. Rejects where
   * the store fails or does not answer in time.
   */
  async refresh(): Promise<void> {
    // One at a time, so that a store that hangs gathers no queue. The read under way may have missed the change.
    if (this.#running !== undefined) await this.#inTime(this.#running.catch(() => {}));
    this.#running ??= this.#read().finally(() => {
      this.#running = undefined;
    });
    await this.#inTime(this.#running);
  }

  close(): void {
    this.#closed = true;
    this.#cancelPoll();
  }

  #find(headers: RequestHeaders, kind: StoredKey["kind"]): KnownKey {
    const presented = presentedKey(headers);
    if (presented === undefined) throw new Fault("missing_key");
    const known = isKeyShaped(presented) ? this.#known.get(hashKey(presented)) : undefined;
    if (known === undefined) throw new Fault("invalid_key");
    const { stored } = known;
    if (stored.revokedAt !== undefined) throw new Fault("revoked_key");
    if (stored.expiresAt !== undefined && stored.expiresAt <= this.#options.clock.now())
      throw new Fault("expired_key");
    if (stored.kind !== kind) throw new Fault("wrong_key_kind");
    return known;
  }

  async #read(): Promise<void> {
    const { keys } = this.#options;
    // The revision first: a change between the two reads is then seen again, never missed.
    const revision = await keys.revision();
    if (revision !== this.#revision) {
      const list = await keys.list();
      this.#known = new Map(list.map((stored) => [stored.hash, { stored, principal: toPrincipal(stored) }]));
      this.#revision = revision;
    }
    this.#refreshedAt = this.#options.clock.monotonic();
    if (this.#reportedAt !== undefined) this.#options.onNews({ kind: "fresh" });
    this.#reportedAt = undefined;
  }

  #pollLater(): void {
    if (this.#closed) return;
    this.#cancelPoll = this.#options.clock.after(this.#options.poll, () => {
      // A read still under way is not waited for: the next look comes in any case.
      if (this.#running === undefined) {
        this.refresh().catch((error: unknown) => this.#reportStale(error));
      } else {
        this.#reportStale(new Error("the store does not answer"));
      }
      this.#pollLater();
    });
  }

  #inTime(read: Promise<void>): Promise<void> {
    const { clock, staleAfter } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const cancel = clock.after(staleAfter, () => reject(new Error("the store does not answer")));
    read.then(resolve, reject).finally(cancel);
    return promise;
  }

  #reportStale(cause: unknown): void {
    const { clock, staleAfter, onNews } = this.#options;
    const now = clock.monotonic();
    const milliseconds = now - this.#refreshedAt;
    if (this.#closed || milliseconds < staleAfter) return;
    if (this.#reportedAt !== undefined && now - this.#reportedAt < staleAfter) return;
    this.#reportedAt = now;
    onNews({ kind: "stale", milliseconds, error: cause instanceof Error ? cause : new Error(String(cause)) });
  }
}

function toPrincipal({ id, project, allowedModels }: StoredKey): Principal {
  return { keyId: id, project, ...(allowedModels === undefined ? {} : { allowedModels }) };
}
