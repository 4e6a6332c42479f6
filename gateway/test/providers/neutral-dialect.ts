import type { ChatDialect } from "../../src/core/dialect.ts";
import type { ChatDialectId } from "../../src/core/extra.ts";
import { Fault } from "../../src/core/fault.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { ChatRequest } from "../../src/core/request.ts";

/** A dialect whose wire is the neutral form itself, so that a test sees what was meant. */
export function neutralDialect(id: ChatDialectId): ChatDialect {
  const unused = (): never => {
    throw new Error("the simulator has no business here");
  };
  return {
    id,
    request: {
      peek: unused,
      encode: unused,
      meteringFields: unused,
      passes: unused,
      decode(body) {
        if (!Array.isArray(body["messages"])) throw new Fault("invalid_request", { param: "messages" });
        return body as unknown as ChatRequest;
      },
    },
    response: {
      answerField: "choices",
      decode: unused,
      encode: (response) => ({ body: response as unknown as JsonObject, losses: [] }),
    },
    stream: {
      decoder: unused,
      encoder: () => ({ push: (event) => [{ data: JSON.stringify(event) }], losses: [] }),
      tap: { text: [], usage: [], complete: [], error: [] },
      usage: unused,
      isMeteringFrame: unused,
    },
    error: {
      decode: unused,
      encode: (fault, requestId) => ({
        code: fault.code,
        message: fault.message,
        param: fault.param ?? null,
        requestId,
      }),
      frame: unused,
    },
  };
}
