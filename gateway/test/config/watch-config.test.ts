import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { loadConfig } from "../../src/config/load-config.ts";
import { type ConfigWatcher, watchConfig } from "../../src/config/watch-config.ts";
import { systemClock } from "../../src/core/clock.ts";
import { ManualClock } from "../manual-clock.ts";
import { temporaryFolder } from "./config-folder.ts";

interface Watched {
  readonly file: string;
  readonly folder: string;
  readonly watcher: ConfigWatcher;
  /** Ports of the settings that were applied, in order. */
  readonly applied: number[];
  readonly errors: string[];
  /** Resolves when this many were applied or refused. */
  until(count: number): Promise<void>;
}

function watch(text: string, clock = systemClock): Watched {
  const folder = temporaryFolder();
  const file = join(folder, "entente.yaml");
  writeFileSync(file, text);
  const applied: number[] = [];
  const errors: string[] = [];
  let onNews = () => {};
  const watcher = watchConfig({
    file,
    text,
    clock,
    settle: 5,
    poll: 20,
    async apply() {
      const surroundings = { environment: {}, workingFolder: folder, homeFolder: folder };
      const { config } = await loadConfig({ config: file }, surroundings);
      applied.push(config.listen.port);
      onNews();
    },
    onError(error) {
      errors.push(error.message);
      onNews();
    },
  });
  onTestFinished(() => watcher.close());
  return {
    file,
    folder,
    watcher,
    applied,
    errors,
    until: (count) =>
      new Promise((resolve) => {
        onNews = () => {
          if (applied.length + errors.length >= count) resolve();
        };
        onNews();
      }),
  };
}

const port = (number: number) => `listen: {port: ${number}}\n`;

describe("with the real file system and clock", () => {
  test("a save in place is applied", async () => {
    const watched = watch(port(1));
    writeFileSync(watched.file, port(2));
    await watched.until(1);
    expect(watched.applied).toEqual([2]);
  });

  test("a save by renaming a new file over the old one is applied, again and again", async () => {
    const watched = watch(port(1));
    for (const number of [2, 3]) {
      writeFileSync(join(watched.folder, "entente.yaml.swp"), port(number));
      renameSync(join(watched.folder, "entente.yaml.swp"), watched.file);
      await watched.until(number - 1);
    }
    expect(watched.applied).toEqual([2, 3]);
  });

  test("a swapped link to a folder of files is applied, as Kubernetes does it", async () => {
    const folder = temporaryFolder();
    for (const number of [1, 2]) {
      mkdirSync(join(folder, `..${number}`));
      writeFileSync(join(folder, `..${number}`, "entente.yaml"), port(number));
    }
    symlinkSync("..1", join(folder, "..data"));
    symlinkSync(join("..data", "entente.yaml"), join(folder, "entente.yaml"));
    const { promise, resolve } = Promise.withResolvers<void>();
    const watcher = watchConfig({
      file: join(folder, "entente.yaml"),
      text: port(1),
      clock: systemClock,
      apply: async () => resolve(),
      onError: () => {},
    });
    onTestFinished(() => watcher.close());
    symlinkSync("..2", join(folder, "..data_new"));
    renameSync(join(folder, "..data_new"), join(folder, "..data"));
    await promise;
  });
});

describe("with a clock that stands still", () => {
  test("a wrong file is refused with its problems, and the corrected one applied", async () => {
    const { file, watcher, applied, errors } = watch(port(1), new ManualClock());
    writeFileSync(file, "listen: {prot: 2}\n");
    await watcher.check();
    expect(applied).toEqual([]);
    expect(errors).toEqual([expect.stringContaining("unknown key 'prot'; did you mean 'port'?")]);
    writeFileSync(file, port(2));
    await watcher.check();
    expect(applied).toEqual([2]);
  });

  test("an unchanged file is not applied again", async () => {
    const { file, watcher, applied, errors } = watch(port(1), new ManualClock());
    await watcher.check();
    writeFileSync(file, port(1));
    await watcher.check();
    expect([applied, errors]).toEqual([[], []]);
  });

  test("an empty file switches nothing off", async () => {
    const { file, watcher, applied, errors } = watch(port(1), new ManualClock());
    writeFileSync(file, "\n");
    await watcher.check();
    expect(applied).toEqual([]);
    expect(errors).toEqual(["the config file is empty; the last one stays in force"]);
  });

  test("a file that is gone is told once, and applied when it is back", async () => {
    const { file, watcher, applied, errors } = watch(port(1), new ManualClock());
    rmSync(file);
    await watcher.check();
    await watcher.check();
    expect(errors).toEqual(["the config file cannot be read; the last one stays in force"]);
    writeFileSync(file, port(2));
    await watcher.check();
    expect(applied).toEqual([2]);
  });

  test("changes are applied one at a time, and none after closing", async () => {
    const { file, watcher, applied } = watch(port(1), new ManualClock());
    writeFileSync(file, port(2));
    await Promise.all([watcher.check(), watcher.check(), watcher.check()]);
    expect(applied).toEqual([2]);
    watcher.close();
    writeFileSync(file, port(3));
    await watcher.check();
    expect(applied).toEqual([2]);
  });
});
