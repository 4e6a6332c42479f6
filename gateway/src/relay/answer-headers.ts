import type { Channel } from "../core/channel.ts";
import type { Call } from "./call.ts";
import type { AnswerHeaders } from "./client.ts";

/** Longest list of losses in a header; the rest is counted. */
const maximumLossyLength = 1024;

/** What an answer says about its way here. */
export interface Way {
  readonly channel?: Channel;
  readonly attempts: number;
  readonly losses: readonly string[];
  /** The provider is the simulator. */
  readonly simulated?: boolean;
}

/** @param type of the content. @param size of the content in bytes, where it is known */
export function answerHeaders(call: Call, way: Way, type: string, size?: number): AnswerHeaders {
  const headers: Record<string, string> = {
    "content-type": type,
    "entente-request-id": call.id,
    "entente-attempts": String(way.attempts),
    "server-timing": call.serverTiming(),
  };
  // The vendors' SDKs show this one in their errors.
  headers[call.arrival.dialect.id === "anthropic-messages" ? "request-id" : "x-request-id"] = call.id;
  if (size !== undefined) headers["content-length"] = String(size);
  if (way.channel !== undefined) headers["entente-channel"] = headerText(way.channel.id);
  if (way.losses.length > 0) headers["entente-lossy"] = lossyText(way.losses);
  if (way.simulated === true) headers["entente-simulated"] = "true";
  return headers;
}

export function lossyText(losses: readonly string[]): string {
  let text = "";
  for (const [index, loss] of losses.entries()) {
    const next = text === "" ? headerText(loss) : `${text}, ${headerText(loss)}`;
    if (next.length > maximumLossyLength) return `${text}, and ${losses.length - index} more`;
    text = next;
  }
  return text;
}

/** Names come from configurations and requests: nothing but visible ASCII may stand in a header. */
function headerText(text: string): string {
  return text.replaceAll(/[^\u0021-\u007e]/g, "?");
}
