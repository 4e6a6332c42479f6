import { Fault } from "../../core/fault.ts";

/** The simulator's models, by the name after `sim/`. */
export const simModels = ["echo", "text", "reasoning", "tools", "json", "refusal", "image-aware"] as const;
export type SimModel = (typeof simModels)[number];

/**
 * Takes a requested name apart: `sim/text?latency=200` is the model `text` with settings. The prefix may be missing.
 * @throws Fault `model_not_found`
 */
export function readSimModel(requested: string): { readonly model: SimModel; readonly query?: string } {
  const name = requested.startsWith("sim/") ? requested.slice(4) : requested;
  const mark = name.indexOf("?");
  const model = simModels.find((each) => each === (mark === -1 ? name : name.slice(0, mark)));
  if (model === undefined) {
    throw new Fault("model_not_found", {
      param: "model",
      detail: `The simulator has ${simModels.map((each) => `sim/${each}`).join(", ")}.`,
    });
  }
  return mark === -1 ? { model } : { model, query: name.slice(mark + 1) };
}
