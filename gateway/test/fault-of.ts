import { Fault } from "../src/core/fault.ts";

/** The fault that an action throws; it must throw one. */
export function faultOf(action: () => unknown): Fault {
  try {
    action();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
