import { Fault } from "../../core/fault.ts";
import type { ToolCallPart } from "../../core/part.ts";
import type { ChatRequest, Tool } from "../../core/request.ts";
import { valueFor } from "./sim-json.ts";

/** Tools that are ours to call; those that run at a vendor are not. */
type OwnTool = Exclude<Tool, { readonly type: "vendor" }>;

/**
 * The calls of one answer, with arguments valid for each tool's schema.
 * @param wished calls that the model or the settings want where the caller leaves it open
 * @throws Fault `invalid_request` where the caller wants a tool that is not offered
 */
export function simToolCalls(request: ChatRequest, wished: number, token: () => string): ToolCallPart[] {
  const choice = request.toolChoice;
  const offered = (request.tools ?? []).filter((tool): tool is OwnTool => tool.type !== "vendor");
  const candidates = choice?.type === "tool" ? offered.filter((tool) => tool.name === choice.name) : offered;
  const demanded = choice?.type === "tool" || choice?.type === "required";
  if (demanded && candidates.length === 0)
    throw new Fault("invalid_request", { param: "tool_choice", detail: "That tool is not among `tools`." });
  const most = request.parallelToolCalls === false ? 1 : 16;
  const least = demanded ? 1 : 0;
  const count =
    choice?.type === "none" || candidates.length === 0 ? 0 : Math.min(Math.max(wished, least), most);
  const calls: ToolCallPart[] = [];
  for (let index = 0; index < count; index += 1) {
    const tool = candidates[index % candidates.length];
    if (tool === undefined) continue;
    const id = `call_${token()}`;
    calls.push(
      tool.type === "custom"
        ? { type: "tool_call", id, name: tool.name, arguments: "simulated input", custom: true }
        : { type: "tool_call", id, name: tool.name, arguments: JSON.stringify(valueFor(tool.parameters)) },
    );
  }
  return calls;
}
