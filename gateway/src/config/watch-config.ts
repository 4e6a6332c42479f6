import { type FSWatcher, watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Clock } from "../core/clock.ts";

export interface WatchOptions {
  /** Absolute path. */
  readonly file: string;
  /** What it said when it was loaded. */
  readonly text: string;
  readonly clock: Clock;
  /** Loads and applies the file. What it throws goes to `onError`; the settings in force must then be the old ones. */
  readonly apply: () => Promise<void>;
  readonly onError: (error: Error) => void;
  /** Milliseconds of quiet after a change: an editor saves in several steps. */
  readonly settle?: number;
  /** Milliseconds between looks at the file, for file systems that report no changes. */
  readonly poll?: number;
}

export interface ConfigWatcher {
  /** Looks at the file now; resolves when what it says is applied or refused. */
  check(): Promise<void>;
  close(): void;
}

/**
 * Applies the config file whenever its text changes, one change at a time. Watches the folder, since an editor's save
 * often puts a new file in the old one's place, and looks at the file now and then besides.
 */
export function watchConfig(options: WatchOptions): ConfigWatcher {
  const { file, clock, apply, onError, settle = 150, poll = 2000 } = options;
  let applied = options.text;
  let reportedMissing = false;
  let closed = false;
  let cancelSettle = () => {};
  let cancelPoll = () => {};
  let running: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    if (closed) return;
    let text: string;
    try {
      text = await readFile(file, "utf8");
    } catch (error) {
      if (!reportedMissing)
        onError(new Error("the config file cannot be read; the last one stays in force", { cause: error }));
      reportedMissing = true;
      return;
    }
    reportedMissing = false;
    if (closed || text === applied) return;
    applied = text;
    // A file on its way to disk is empty for a moment; taken at its word it would switch every provider off.
    if (text.trim() === "") {
      onError(new Error("the config file is empty; the last one stays in force"));
      return;
    }
    try {
      await apply();
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function check(): Promise<void> {
    running = running.then(look);
    return running;
  }

  function onFolderEvent(): void {
    cancelSettle();
    cancelSettle = clock.after(settle, () => void check());
  }

  function pollLater(): void {
    cancelPoll = clock.after(poll, () => void check().then(() => closed || pollLater()));
  }

  const watcher = watchFolder(dirname(file), basename(file), onFolderEvent);
  pollLater();
  return {
    check,
    close() {
      closed = true;
      cancelSettle();
      cancelPoll();
      watcher?.close();
    },
  };
}

/** Undefined where the system cannot watch the folder: then the looks now and then have to do. */
function watchFolder(folder: string, name: string, onEvent: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, changed) => {
      // Kubernetes swaps a link named ..data beside the file.
      if (changed === null || changed === name || changed.startsWith("..")) onEvent();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
