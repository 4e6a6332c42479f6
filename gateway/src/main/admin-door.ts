import type { IncomingMessage, ServerResponse } from "node:http";
import type { AdminListener } from "../admin/admin-listener.ts";
import { visibleConfig } from "../config/visible-config.ts";
import type { Clock } from "../core/clock.ts";
import { randomToken } from "../core/ids.ts";
import type { Keyring } from "../identity/keyring.ts";
import { isLoopback } from "../identity/loopback.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { HealthBook } from "../routing/health.ts";
import type { Store } from "../storage/port.ts";
import type { LiveConfig } from "./live-config.ts";
import { packageVersion } from "./version.ts";

export interface AdminDoorOptions {
  readonly clock: Clock;
  readonly store: Store;
  readonly keyring: Keyring;
  readonly health: HealthBook;
  readonly live: LiveConfig;
  readonly ledger: Ledger;
  readonly unready: () => readonly string[];
  readonly onError: (id: string, error: unknown) => void;
}

export interface AdminDoor {
  admin(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Metrics are open to this machine, and to admin keys from where the control API is. @throws Fault */
  authorizeOperator(request: IncomingMessage): void;
  /** Loads the control API while nothing is going on: its many modules would hold up running streams later. */
  prepare(): void;
}

/** The control API behind its door: made on the first call, for its modules are many. */
export function adminDoor(options: AdminDoorOptions): AdminDoor {
  const { live, keyring } = options;
  let opened: Promise<AdminListener> | undefined;
  const access = () => live.loaded.config.admin.access;

  async function open(): Promise<AdminListener> {
    const { createAdminListener } = await import("../admin/admin-listener.ts");
    return createAdminListener({
      version: packageVersion(),
      clock: options.clock,
      random: randomToken,
      store: options.store,
      keyring,
      health: options.health,
      directory: () => live.plan.directory,
      providers: () => live.plan.providers,
      config: () => ({
        ...(live.loaded.file === undefined ? {} : { file: live.loaded.file }),
        settings: visibleConfig(live.loaded.config),
      }),
      unready: options.unready,
      ledgerPending: () => options.ledger.pending,
      authorize: (headers, remoteAddress) => void keyring.identifyAdmin(headers, remoteAddress, access()),
      loopbackOnly: () => access() === "loopback",
      onError: options.onError,
    });
  }

  return {
    prepare() {
      opened ??= open();
      opened.catch((error: unknown) => options.onError("control API", error));
    },
    async admin(request, response) {
      opened ??= open();
      await (await opened)(request, response);
    },
    authorizeOperator(request) {
      const { remoteAddress } = request.socket;
      if (!isLoopback(remoteAddress)) keyring.identifyAdmin(request.headers, remoteAddress, access());
    },
  };
}
