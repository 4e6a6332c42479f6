import { describe, expect, test } from "vitest";
import { wrapSignature } from "../../src/dialects/foreign-signature.ts";
import { forUpstream } from "../../src/responses/for-upstream.ts";

const user = { role: "user", content: "hi" };
const own = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAA" };
const foreign = {
  type: "reasoning",
  id: "rs_2",
  summary: [],
  encrypted_content: wrapSignature({ origin: "anthropic-messages", value: "sig" }),
};
const bare = { type: "reasoning", id: "rs_3", summary: [] };
const call = { type: "function_call", id: "fc_1", call_id: "call_1", name: "f", arguments: "{}" };

describe("a body for a provider", () => {
  test("stores nothing, continues nothing and does not run in the background", () => {
    const body = { model: "m", input: "hi", store: true, previous_response_id: "resp_1", background: true };
    expect(forUpstream(body, { reasons: true })).toEqual({ model: "m", input: "hi", store: false });
  });

  test.each([
    [{ reasoning: { effort: "high" } }, true, ["reasoning.encrypted_content"]],
    [{ reasoning: { effort: "none" } }, true, undefined],
    [{ reasoning: { effort: "high" } }, false, undefined],
    [{}, true, undefined],
    [{ input: [user, own] }, true, ["reasoning.encrypted_content"]],
    [
      { include: ["file_search_call.results"], reasoning: {} },
      true,
      ["file_search_call.results", "reasoning.encrypted_content"],
    ],
    [{ include: ["reasoning.encrypted_content"], reasoning: {} }, true, ["reasoning.encrypted_content"]],
    [{ include: ["reasoning.encrypted_content"] }, false, undefined],
  ])("asks for sealed reasoning only of what reasons: %j, %s", (fields, reasons, include) => {
    expect(forUpstream({ model: "m", input: "hi", ...fields }, { reasons })["include"]).toEqual(include);
  });

  test("keeps the reasoning that the provider sealed, and drops all other with the labels that tie to it", () => {
    const input = [user, own, foreign, bare, call];
    const { id: _id, ...unlabelled } = call;
    expect(forUpstream({ input }, { reasons: true })["input"]).toEqual([user, own, unlabelled]);
    expect(forUpstream({ input }, { reasons: false })["input"]).toEqual([user, unlabelled]);
    expect(forUpstream({ input: [user, own, call] }, { reasons: true })["input"]).toEqual([user, own, call]);
  });
});
