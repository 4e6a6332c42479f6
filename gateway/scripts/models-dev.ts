/** The parts of a models.dev snapshot that the catalogue is built from. Prices are USD per million tokens. */
export interface Snapshot {
  readonly source: string;
  /** By canonical id, `maker/name`. */
  readonly models: Readonly<Record<string, unknown>>;
  readonly providers: Readonly<Record<string, SnapshotProvider>>;
}

export interface SnapshotProvider {
  readonly env: readonly string[];
  readonly api?: string;
  readonly models: Readonly<Record<string, SnapshotModel>>;
}

export interface SnapshotModel {
  /** Canonical id of the model served, where the snapshot says. */
  readonly base_model?: string;
  readonly family?: string;
  readonly attachment: boolean;
  readonly reasoning: boolean;
  readonly tool_call: boolean;
  readonly structured_output?: boolean;
  readonly limit: { readonly context?: number; readonly output?: number };
  readonly modalities: { readonly input: readonly string[]; readonly output: readonly string[] };
  readonly cost?: SnapshotCost;
}

/** USD per million by unit, and tiers that hold above an input of `tier.size` tokens. */
export type SnapshotCost = Readonly<Record<string, number | undefined>> & {
  readonly tiers?: readonly (Readonly<Record<string, number | undefined>> & {
    readonly tier: { readonly size: number; readonly type?: string };
  })[];
};
