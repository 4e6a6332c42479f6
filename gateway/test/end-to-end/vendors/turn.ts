/** What a vendor was told, in words that are the same for all vendors. */
export interface Received {
  readonly system: string;
  readonly turns: readonly Turn[];
  readonly tools: readonly { readonly name: string; readonly parameters: unknown }[];
  /** JSON Schema of the answer. */
  readonly schema: unknown;
}

export interface Turn {
  readonly role: "user" | "assistant";
  readonly text?: string;
  /** Images and files as data URLs. */
  readonly media?: readonly string[];
  readonly calls?: readonly { readonly id: string; readonly name: string; readonly arguments: unknown }[];
  readonly results?: readonly { readonly id: string; readonly text: unknown }[];
  /** What proves the reasoning of an earlier turn. */
  readonly proofs?: readonly unknown[];
}

/** A turn without the lists that are empty. */
export function turn(role: Turn["role"], parts: Omit<Turn, "role">): Turn {
  const filled = Object.entries(parts).filter(([, value]) => value !== undefined && value.length > 0);
  return { role, ...Object.fromEntries(filled) };
}
