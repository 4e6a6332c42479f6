import type { LoadRunner } from "../load.ts";
import type { Subject } from "../subject.ts";

/** What a measure needs to know. */
export interface Setting {
  readonly load: LoadRunner;
  readonly gateway: Subject;
  /** The upstream itself, without anything between. */
  readonly direct: Subject;
  readonly nginx?: Subject;
  readonly pairs: number;
  readonly quick: boolean;
}

/** Gateway and nginx, where there is one. */
export function proxies({ gateway, nginx }: Setting): Subject[] {
  return nginx === undefined ? [gateway] : [gateway, nginx];
}
