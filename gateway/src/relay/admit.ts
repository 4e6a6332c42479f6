import { Fault } from "../core/fault.ts";
import type { Principal } from "../core/principal.ts";
import { isModelAllowed } from "../policy/allowed-models.ts";
import type { Directory, Resolution } from "../routing/directory.ts";

/** Whether the principal may use what a name stands for: the name itself, or every model that may answer to it. */
export function mayUse(
  principal: Principal,
  resolution: Pick<Resolution, "name" | "route">,
  directory: Directory,
): boolean {
  if (principal.allowedModels === undefined) return true;
  const models = resolution.route.steps.flatMap(({ channels }) =>
    channels.flatMap(({ channel }) => directory.channels.get(channel)?.model ?? []),
  );
  return isModelAllowed(principal, resolution.name, models);
}

/** @throws Fault `model_not_found`, `model_not_allowed` */
export function admit(principal: Principal, name: string, directory: Directory): Resolution {
  const resolution = directory.resolve(name);
  if (!mayUse(principal, resolution, directory)) throw new Fault("model_not_allowed", { param: "model" });
  return resolution;
}
