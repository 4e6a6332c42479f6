import type { Terminal } from "../../src/cli/terminal.ts";

/** Keeps what is written. */
export class FakeTerminal implements Terminal {
  readonly columns: number | undefined;
  output = "";
  notes = "";

  constructor(columns?: number) {
    this.columns = columns;
  }

  out(text: string): void {
    this.output += text;
  }

  note(text: string): void {
    this.notes += text;
  }

  get json(): unknown {
    return JSON.parse(this.output);
  }
}
