import { describe, expect, test } from "vitest";
import { ResponseFrames } from "../../src/responses/response-frames.ts";

const frame = (type: string, named: boolean) => ({
  ...(named ? { event: type } : {}),
  data: JSON.stringify({ type, sequence_number: 3, response: { id: "resp_1", store: false, output: [] } }),
});

describe("response frames", () => {
  test.each([true, false])("say what the client asked for (event named: %s)", (named) => {
    const frames = new ResponseFrames({ previous_response_id: "resp_0" });
    const created = frames.rewrite(frame("response.created", named));
    expect(JSON.parse(created.data)).toEqual({
      type: "response.created",
      sequence_number: 3,
      response: { id: "resp_1", store: true, previous_response_id: "resp_0", output: [] },
    });
    expect(frames.response).toBeUndefined();
    frames.rewrite(frame("response.completed", named));
    expect(frames.response).toMatchObject({ id: "resp_1", store: true, previous_response_id: "resp_0" });
  });

  test.each(["response.incomplete", "response.failed"])("keep the response of %s", (type) => {
    const frames = new ResponseFrames({ store: false });
    frames.rewrite(frame(type, true));
    expect(frames.response).toMatchObject({ store: false, previous_response_id: null });
  });

  test("leave every other frame as it is", () => {
    const frames = new ResponseFrames({});
    const text = '"response":{"id":1}';
    for (const other of [
      { event: "response.output_text.delta", data: JSON.stringify({ delta: text }) },
      { data: JSON.stringify({ type: "response.output_text.delta", delta: text }) },
      { data: JSON.stringify({ type: "something.else", response: {} }) },
      { event: "response.completed", data: "not json" },
      { event: "response.completed", data: '{"type":"response.completed","response":7}' },
      { data: "[DONE]" },
    ])
      expect(frames.rewrite(other)).toBe(other);
    expect(frames.response).toBeUndefined();
  });

  test("rewrite a whole answer alike", () => {
    const frames = new ResponseFrames({ store: false });
    expect(frames.whole({ id: "resp_1", store: true })).toEqual({
      id: "resp_1",
      store: false,
      previous_response_id: null,
    });
    expect(frames.response).toMatchObject({ id: "resp_1" });
  });
});
