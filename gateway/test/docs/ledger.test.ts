import { afterAll, beforeAll, expect, test } from "vitest";
import { formatDollars } from "../../src/core/format-dollars.ts";
import type { PriceTable } from "../../src/core/money.ts";
import type { Settlement } from "../../src/core/settlement.ts";
import { costOf } from "../../src/ledger/cost.ts";
import { postingsOf } from "../../src/ledger/postings.ts";
import { loadText } from "../config/config-folder.ts";
import { type OpenGateway, openGateway } from "../end-to-end/open-gateway.ts";
import { settledCall } from "../end-to-end/operator.ts";
import { blocksOf, generatedPart, table } from "./page.ts";

const blocks = blocksOf("ledger.md");
const config = blocks.find(({ language }) => language === "yaml")?.text ?? "";
const command = blocks.find(({ text }) => text.startsWith("curl "))?.text ?? "";

interface Row {
  readonly usage: Settlement["usage"];
  readonly usageSource: string;
  readonly project: string;
  readonly provider: string;
  readonly cost: { readonly nanoDollars: string; readonly usd: string };
  readonly costLines: readonly {
    readonly unit: string;
    readonly quantity: number;
    readonly price: string;
    readonly cost: { readonly nanoDollars: string };
  }[];
}

let gateway: OpenGateway;
beforeAll(async () => {
  gateway = await openGateway({ config });
});
afterAll(() => gateway.stop());

/** The example's call, made and settled. */
async function exampleCall(): Promise<Row> {
  const body = / -d '([^']*)'/.exec(command)?.[1] ?? "";
  const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${gateway.key}`, "content-type": "application/json" },
    // The page breaks a line within the JSON, where a blank may stand.
    body,
  });
  expect(answer.status, await answer.text()).toBe(200);
  const row: unknown = await settledCall(gateway, answer.headers.get("entente-request-id"));
  return row as Row;
}

function grouped(digits: string): string {
  return digits.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** The example as the page shows it. */
function describeCall({ usage, project, provider, cost, costLines }: Row): string {
  const counts = Object.entries(usage ?? {}).map(([name, count]) => `\`${name}\` ${String(count)}`);
  const lines = costLines.map(({ unit, quantity, price, cost: amount }) => [
    unit,
    String(quantity),
    formatDollars(BigInt(price)),
    grouped(amount.nanoDollars),
  ]);
  const amount = grouped(cost.nanoDollars);
  return [
    `It reports ${counts.join(", ")}. The cached tokens are taken out of the input; reasoning has no price of its own and is output:`,
    table(
      ["unit", "quantity", "USD per million", "nano-dollars"],
      [...lines, ["**sum**", "", "", `**${amount}** ($${cost.usd})`]],
    ),
    "It is booked twice, and the two sum to zero:",
    table(
      ["account", "nano-dollars"],
      [
        [`\`expense:${project}\``, amount],
        [`\`payable:${provider}\``, `-${amount}`],
      ],
    ),
  ].join("\n\n");
}

test("the example's numbers are those of the call, made as the page says", async () => {
  const row = await exampleCall();
  expect(row.usageSource).toBe("reported");
  const wanted = describeCall(row);
  expect(generatedPart("ledger.md", "example", wanted)).toBe(wanted);
});

test("they are what the price says, booked twice", async () => {
  const row = await exampleCall();
  const { config: settings } = await loadText(config);
  const price = settings.providers["shop"]?.price as PriceTable;
  const { lines, amount } = costOf(row.usage ?? {}, price);
  expect(row.cost.nanoDollars).toBe(amount.toString());
  const settlement = { id: "a", project: row.project, provider: row.provider, endedAt: 0, cost: lines };
  expect(
    postingsOf(settlement as unknown as Settlement).map(({ account, amount: booked }) => [account, booked]),
  ).toEqual([
    [`expense:${row.project}`, amount],
    [`payable:${row.provider}`, -amount],
  ]);
});
