/** Where a command writes; injected by tests. Both add no line break of their own. */
export interface Terminal {
  /** Results: what another program may want to read. */
  out(text: string): void;
  /** Remarks and errors. */
  note(text: string): void;
  /** Width in characters; undefined where the output is no terminal. */
  readonly columns: number | undefined;
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  note: (text) => void process.stderr.write(text),
  get columns() {
    return process.stdout.isTTY ? process.stdout.columns : undefined;
  },
};

/** A reader that has enough, such as `head`, closes its end: not a failure of ours. Any other error is thrown as before. */
export function letReadersLeave(...streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

/** For `--json`: amounts as decimal text, one object or list, indented. */
export function writeJson(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value, null, 2)}\n`);
}
