import { afterEach } from "vitest";
import { type OpenGateway, openGateway } from "../end-to-end/open-gateway.ts";
import { openUpstream, type Upstream, type Visit } from "./upstream.ts";

const closers: (() => Promise<unknown>)[] = [];

/** Runs when the test is over, the last one first. */
export function whenDone(close: () => Promise<unknown>): void {
  closers.push(close);
}

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A line of `providers:` for a vendor that speaks openai-chat and serves the model `m`. */
export function chatProvider(id: string, url: string): string {
  return `  ${id}: {kind: openai-compatible, baseUrl: "${url}/v1", apiKey: vendor-secret, models: [m], price: {input: 1, output: 2}}`;
}

/** The same for one that speaks anthropic-messages. */
export function messagesProvider(id: string, url: string): string {
  return `  ${id}: {kind: anthropic, baseUrl: "${url}", apiKey: vendor-secret, models: [m], price: {input: 1, output: 2}}`;
}

/** A gateway in this process in front of `vendor/m` (openai-chat) and `claude/m` (anthropic-messages), both at `answer`. */
export async function openHouse(
  answer: (visit: Visit) => void,
  config = "",
): Promise<{ readonly gateway: OpenGateway; readonly upstream: Upstream }> {
  const upstream = await openUpstream(answer);
  whenDone(() => upstream.stop());
  const providers = `providers:\n${chatProvider("vendor", upstream.url)}\n${messagesProvider("claude", upstream.url)}\n`;
  const gateway = await openGateway({ config: providers + config });
  whenDone(() => gateway.stop());
  return { gateway, upstream };
}
