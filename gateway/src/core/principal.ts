/** Who asks, as the key tells it. */
export interface Principal {
  readonly keyId: string;
  readonly project: string;
  /** Model and route names or `prefix/*` patterns; undefined: all. */
  readonly allowedModels?: readonly string[];
}
