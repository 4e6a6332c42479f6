import { mergeUsage, type Usage } from "../core/usage.ts";

/** What one call used, gathered while it is relayed. */
export class Meter {
  /** Bytes of text, reasoning and arguments that the model wrote. */
  outputBytes = 0;
  #usage: Usage | undefined;

  get usage(): Usage | undefined {
    return this.#usage;
  }

  /** A later report replaces an earlier one field by field: vendors count cumulatively. */
  report(usage: Usage | undefined): void {
    const { inputTokens } = this.#usage ?? {};
    this.#usage = mergeUsage(this.#usage, usage);
    // Anthropic counts cached tokens apart; a late report without them must not lower the total.
    if (inputTokens !== undefined && (this.#usage?.inputTokens ?? 0) < inputTokens)
      this.#usage = { ...this.#usage, inputTokens };
  }

  /** A new attempt starts from nothing. */
  reset(): void {
    this.outputBytes = 0;
    this.#usage = undefined;
  }
}
