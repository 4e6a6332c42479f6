import type { IncomingMessage, ServerResponse } from "node:http";
import type { House } from "../relay/house.ts";
import type { BackgroundCalls } from "../responses/background.ts";
import type { Conversations } from "../responses/conversations.ts";

/** What the listener serves; built by the composition root. */
export interface Site {
  readonly house: House;
  /** Largest body in bytes; read for every request, so that a reload applies. */
  bodyLimit(): number;
  /** Milliseconds for which a client may take nothing of a finished answer. */
  readonly readTimeout: () => number;
  /** What keeps this process from serving; empty when it is ready. */
  unready(): readonly string[];
  metrics(): Promise<{ readonly type: string; readonly text: string }>;
  /** Throws a Fault unless the request may see operating data. */
  authorizeOperator(request: IncomingMessage): void;
  /** The control API; made on its first call. */
  admin(request: IncomingMessage, response: ServerResponse): Promise<void>;
  readonly conversations: Conversations;
  readonly background: BackgroundCalls;
  /** The server is stopping. */
  readonly stopping: () => boolean;
}
