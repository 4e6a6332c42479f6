import { expect } from "vitest";
import type { OpenGateway } from "./open-gateway.ts";

/** A call as the control API shows it; the parts that tests read. */
export interface SettledCall {
  readonly id: string;
  readonly model: string;
  readonly channel: string;
  readonly dialect: string;
  readonly stream: boolean;
  readonly outcome: string;
  readonly attempts: number;
  readonly error?: string;
  readonly usageSource: string;
  readonly estimateMethod?: string;
  readonly usage?: { readonly inputTokens?: number; readonly outputTokens?: number };
}

/** The control API, asked as an operator would. */
export async function askOperator(gateway: OpenGateway, path: string): Promise<unknown> {
  const answer = await fetch(`${gateway.url}/admin/v1${path}`, {
    headers: { authorization: `Bearer ${gateway.adminKey}` },
  });
  return answer.ok ? answer.json() : undefined;
}

/** The ledger's row of a call, which is posted soon after the call ended. */
export async function settledCall(gateway: OpenGateway, requestId: string | null): Promise<SettledCall> {
  let row: unknown;
  await expect
    .poll(
      async () => {
        row = await askOperator(gateway, `/requests/${requestId}`);
        return row;
      },
      { timeout: 5000, interval: 10 },
    )
    .toBeDefined();
  return row as SettledCall;
}

/** The calls that were settled last, newest first. */
export async function newestCalls(gateway: OpenGateway, limit: number): Promise<readonly SettledCall[]> {
  const page = await askOperator(gateway, `/requests?limit=${limit}`);
  return (page as { readonly requests: readonly SettledCall[] }).requests;
}

/** Has something made by the control API. */
export async function orderOf(gateway: OpenGateway, path: string, order: unknown): Promise<unknown> {
  const answer = await fetch(`${gateway.url}/admin/v1${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${gateway.adminKey}`, "content-type": "application/json" },
    body: JSON.stringify(order),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
