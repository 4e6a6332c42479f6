import type { ChatDialect } from "../../src/core/dialect.ts";
import type { ChatDialectId } from "../../src/core/extra.ts";
import { Fault } from "../../src/core/fault.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { anthropicMessages } from "../../src/dialects/anthropic-messages/dialect.ts";
import { openaiChat } from "../../src/dialects/openai-chat/dialect.ts";
import { openaiResponses } from "../../src/dialects/openai-responses/dialect.ts";
import { answerProbes } from "./answer-probes.ts";
import { table } from "./page.ts";
import { requestProbes } from "./request-probes.ts";

const dialects: readonly ChatDialect[] = [openaiChat, openaiResponses, anthropicMessages];

/** How a body crosses from one dialect to another: what is left out, or that it is refused. */
type Cross = (from: ChatDialect, to: ChatDialect, body: JsonObject) => readonly string[];

const askAcross: Cross = (from, to, body) =>
  // The newest models of each vendor, without quirks.
  to.request.encode(from.request.decode(body), { quirks: { thinking: "adaptive" }, maxOutputTokens: 8192 })
    .losses;

const answerAcross: Cross = (from, to, body) => {
  const request = openaiChat.request.decode({ model: "m", messages: [{ role: "user", content: "Hi" }] });
  const context = { request, token: "a".repeat(24), now: 1 };
  return to.response.encode(from.response.decode(body), context).losses;
};

function cell(cross: Cross, from: ChatDialect, to: ChatDialect, body: JsonObject): string {
  try {
    const losses = cross(from, to, body);
    return losses.length === 0 ? "yes" : `without \`${losses.join("`, `")}\``;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return `refused: \`${error.code}\``;
  }
}

function crossings(
  cross: Cross,
  probes: Readonly<Record<ChatDialectId, ReadonlyMap<string, JsonObject>>>,
  heading: (from: ChatDialectId) => string,
  column: (to: ChatDialectId) => string,
): string {
  const parts = dialects.map((from) => {
    const others = dialects.filter((to) => to !== from);
    const rows = [...probes[from.id]].map(([name, body]) => [
      name,
      ...others.map((to) => cell(cross, from, to, body)),
    ]);
    const whole = rows.filter((cells) => cells.slice(1).every((text) => text === "yes"));
    const partial = rows.filter((row) => !whole.includes(row));
    const names = whole.map(([name]) => name).join("; ");
    return [
      `### ${heading(from.id)}`,
      `Crosses whole to both: ${names}.`,
      table(["", ...others.map(({ id }) => column(id))], partial),
    ].join("\n\n");
  });
  return parts.join("\n\n");
}

/** What each dialect's requests lose in the words of the others, as the encoders tell it. */
export function requestCrossings(): string {
  return crossings(
    askAcross,
    requestProbes,
    (from) => `A request in ${from}`,
    (to) => `to ${to}`,
  );
}

/** What each dialect's answers lose for clients of the others. */
export function answerCrossings(): string {
  return crossings(
    answerAcross,
    answerProbes,
    (from) => `An answer in ${from}`,
    (to) => `for ${to}`,
  );
}
