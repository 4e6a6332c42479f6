import type { Clock } from "../core/clock.ts";
import type { RandomToken } from "../core/ids.ts";
import type { JsonObject } from "../core/json.ts";
import type { Directory } from "../routing/directory.ts";
import type { HealthBook } from "../routing/health.ts";
import type { Store } from "../storage/port.ts";

export type AdminHeaders = Readonly<Record<string, string | undefined>>;

/** The configuration in force, with every credential masked. */
export interface ConfigInForce {
  /** Path of the file it was read from, where there is one. */
  readonly file?: string;
  readonly settings: JsonObject;
}

/** What the control API shows and changes; built by the composition root. Functions are asked at every call, so that a reload applies. */
export interface AdminHouse {
  readonly version: string;
  readonly clock: Clock;
  readonly random: RandomToken;
  readonly store: {
    readonly keys: Pick<Store["keys"], "create" | "list" | "revoke">;
    readonly calls: Pick<Store["calls"], "usage" | "requests">;
  };
  /** Makes changed keys count at once. */
  readonly keyring: { refresh(): Promise<void> };
  readonly health: Pick<HealthBook, "of">;
  directory(): Directory;
  providers(): ReadonlyMap<string, { readonly id: string; readonly kind: string }>;
  config(): ConfigInForce;
  /** What keeps this process from serving; empty when it is ready. */
  unready(): readonly string[];
  /** Calls that are not yet on disk. */
  ledgerPending(): number;
  /** Throws a Fault unless the headers carry an admin key and the address may use the control API at all. */
  authorize(headers: AdminHeaders, remoteAddress: string | undefined): void;
  /** Whether only this machine may connect (`admin.access: loopback`). */
  loopbackOnly(): boolean;
  /** Hears of what went wrong here. */
  onError(requestId: string, error: unknown): void;
}
