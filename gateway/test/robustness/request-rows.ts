import { expect } from "vitest";
import { ask } from "./ask.ts";

/** A row of the request log as the control API tells it. */
export interface Row {
  readonly id: string;
  readonly model: string;
  readonly channel: string;
  readonly outcome: string;
  readonly error?: string;
  readonly attempts: number;
  readonly usageSource: "reported" | "estimated" | "none";
  readonly estimateMethod?: string;
  readonly usage?: { readonly inputTokens?: number; readonly outputTokens?: number };
}

export interface Operated {
  readonly url: string;
  readonly adminKey: string;
}

async function readRows({ url, adminKey }: Operated): Promise<readonly Row[]> {
  const answer = await ask({ url, key: adminKey }, { method: "GET", path: "/admin/v1/requests?limit=500" });
  return (JSON.parse(answer.text) as { requests: Row[] }).requests;
}

/** The rows of the log, newest first, once there are so many. */
export async function rowsOf(gateway: Operated, count: number): Promise<readonly Row[]> {
  let rows: readonly Row[] = [];
  await expect
    .poll(
      async () => {
        rows = await readRows(gateway);
        return rows.length;
      },
      { timeout: 5000, interval: 20 },
    )
    .toBe(count);
  return rows;
}
