import { errors } from "../core/errors.ts";
import type { ProviderFailure } from "../core/failure.ts";
import { Fault } from "../core/fault.ts";
import { scrub } from "./scrub.ts";

/** Anything thrown as an error of the table. */
export function asFault(error: unknown): Fault {
  return error instanceof Fault ? error : new Fault("internal", { cause: error });
}

/**
 * A provider's failure as the caller sees it. The vendor's sentence is shown, scrubbed, where the caller can act on
 * it; a breakdown or a refusal of our own credentials is told in our words.
 */
export function faultOf(failure: ProviderFailure, retryAfter?: number): Fault {
  const { owner, status } = errors[failure.code];
  const shown = owner === "caller" || (owner === "provider" && status === 400);
  return new Fault(failure.code, {
    ...(shown ? { detail: scrub(failure.message) } : {}),
    ...(shown && failure.param !== undefined ? { param: scrub(failure.param) } : {}),
    ...(shown && failure.vendorType !== undefined ? { vendorType: scrub(failure.vendorType) } : {}),
    ...(shown && failure.vendorCode !== undefined ? { vendorCode: scrub(failure.vendorCode) } : {}),
    ...(retryAfter === undefined ? {} : { retryAfter: Math.max(1, Math.ceil(retryAfter / 1000)) }),
    cause: failure,
  });
}
