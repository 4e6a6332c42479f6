import type { UpstreamCounts } from "./upstream.ts";
import type { LedgerSums } from "./usage-answer.ts";

export interface Counts {
  /** Calls that the load tool made, to whomever; every one had the right answer. */
  readonly sent: number;
  /** Those of them that went through the gateway. */
  readonly throughGateway: number;
  readonly upstream: UpstreamCounts;
  /** Undefined where the benched command has no ledger that we can read. */
  readonly ledger?: LedgerSums;
}

/** The numbers mean something only if every call was served once and stands in the ledger once. @throws Error if not. */
export function checkCounts({ sent, throughGateway, upstream, ledger }: Counts): string {
  const served = upstream.answered + upstream.streamed;
  const { aborted, refused } = upstream;
  if (served !== sent || aborted > 0 || refused > 0) {
    throw new Error(
      `${sent} calls were made; the upstream served ${served}, refused ${refused} and saw ${aborted} given up`,
    );
  }
  const text = `${throughGateway} calls through the gateway, each served once`;
  if (ledger === undefined) return `${text}.`;
  const { calls, failed, estimated } = ledger;
  if (calls !== throughGateway || failed > 0 || estimated > 0) {
    throw new Error(`${text}, but its ledger has ${calls}, ${failed} of them failed, ${estimated} estimated`);
  }
  return `${text} and once in its ledger, with the usage that the upstream reported.`;
}
