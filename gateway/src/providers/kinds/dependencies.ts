import type { Clock } from "../../core/clock.ts";
import type { Transport } from "../upstream.ts";
import type { TokenSource } from "./entra-token.ts";

/** What providers are made with. */
export interface ProviderDependencies {
  readonly transport: Transport;
  readonly clock: Clock;
  /** The simulator: what a provider of kind `sim` calls in place of the network. */
  readonly simulator: Transport;
  /** Where Azure tokens come from; absent: the identity that @azure/identity finds on this machine. */
  readonly azureTokens?: () => Promise<TokenSource>;
}
