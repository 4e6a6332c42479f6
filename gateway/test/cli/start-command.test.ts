import { expect, test } from "vitest";
import { type StartFlags, startCommand } from "../../src/cli/start-command.ts";

/** Signals that are sent by the test, and exits that only are noted. */
class FakeProcess {
  readonly exits: number[] = [];
  readonly #listeners = new Map<NodeJS.Signals, (() => void)[]>();

  once(signal: NodeJS.Signals, listener: () => void): void {
    this.#listeners.set(signal, [...(this.#listeners.get(signal) ?? []), listener]);
  }

  exit(code: number): void {
    this.exits.push(code);
  }

  send(signal: NodeJS.Signals): void {
    const listeners = this.#listeners.get(signal) ?? [];
    this.#listeners.delete(signal);
    for (const listener of listeners) listener();
  }
}

function start(stop: () => Promise<void>) {
  const process = new FakeProcess();
  const seen: StartFlags[] = [];
  const { promise: started, resolve } = Promise.withResolvers<void>();
  const startGateway = async (flags: StartFlags) => {
    seen.push(flags);
    setImmediate(resolve);
    return { stop };
  };
  const code = startCommand({ port: 0, sim: false }, startGateway, process);
  return { process, seen, started, code };
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s stops the gateway in good order, with code 0",
  async (signal) => {
    let stops = 0;
    const { process, seen, started, code } = start(async () => {
      stops += 1;
    });
    await started;
    expect(stops).toBe(0);
    process.send(signal);
    expect(await code).toBe(0);
    expect([stops, process.exits]).toEqual([1, []]);
    expect(seen).toEqual([{ port: 0, sim: false }]);
  },
);

test.each([
  ["SIGTERM", "SIGTERM", 143],
  ["SIGINT", "SIGINT", 130],
  ["SIGTERM", "SIGINT", 130],
] as const)("%s and then %s ends the process at once with code %i", async (first, second, exitCode) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { process, started, code } = start(() => promise);
  await started;
  process.send(first);
  process.send(second);
  expect(process.exits).toEqual([exitCode]);
  resolve();
  expect(await code).toBe(0);
});

test("a start that fails is the command's failure", async () => {
  const failing = () => Promise.reject(new Error("port 8080 is taken"));
  await expect(startCommand({}, failing, new FakeProcess())).rejects.toThrow("port 8080 is taken");
});

test("a stop that fails is the command's failure", async () => {
  const { process, started, code } = start(() => Promise.reject(new Error("the ledger is not on disk")));
  await started;
  process.send("SIGTERM");
  await expect(code).rejects.toThrow("the ledger is not on disk");
});
