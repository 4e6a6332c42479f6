import type { Deadlines } from "../core/channel.ts";
import type { Clock } from "../core/clock.ts";
import type { ChatDialect } from "../core/dialect.ts";
import type { ChatDialectId } from "../core/extra.ts";
import type { RandomToken } from "../core/ids.ts";
import type { JsonObject } from "../core/json.ts";
import type { Principal } from "../core/principal.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Provider } from "../providers/provider.ts";
import type { Directory } from "../routing/directory.ts";
import type { HealthBook } from "../routing/health.ts";
import type { RetryBudget } from "../routing/retry-budget.ts";
import type { CallObserver } from "../telemetry/observer.ts";

export type IncomingHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One state of the configuration. A call keeps the one it began with; a reload makes the next. */
export interface Plan {
  readonly directory: Directory;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly deadlines: Deadlines;
}

/** What stored conversations do for a call of the Responses API. */
export interface ConversationPort {
  /** The body with all that it refers to in its input; the same object where it refers to nothing. */
  expand(principal: Principal, body: JsonObject): Promise<JsonObject>;
  remember(principal: Principal, body: JsonObject, response: JsonObject): Promise<void>;
}

/** Everything a call is handled with; built once by the composition root. */
export interface House {
  readonly clock: Clock;
  readonly token: RandomToken;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly dialects: Readonly<Record<ChatDialectId, ChatDialect>>;
  identify(headers: IncomingHeaders): Principal;
  plan(): Plan;
  readonly health: HealthBook;
  readonly retries: RetryBudget;
  readonly ledger: Ledger;
  readonly conversations: ConversationPort;
  readonly observer: CallObserver;
  /** Something failed here after a call was settled or where no call is concerned: for the log. */
  onError(id: string, error: unknown): void;
  /** Calls that are under way, to be stopped when the server does. */
  readonly running: Set<{ stop(): void }>;
  /** Most calls at once. */
  inFlightLimit(): number;
  /** Milliseconds of silence after which a streaming client gets a comment. */
  readonly keepAlive: number;
}
