import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { Fault } from "../../src/core/fault.ts";
import { describeError } from "../../src/telemetry/error-shape.ts";
import { openLog } from "../../src/telemetry/log.ts";

function sink() {
  const written: string[] = [];
  return { written, write: (line: string) => written.push(line) };
}

describe("the log", () => {
  test("writes one JSON line with level, ISO time, fields and message", async () => {
    const out = sink();
    const { log } = await openLog({ level: "info", pretty: false, sink: out });
    log.info({ requestId: "req_1", ms: 3 }, "call");
    const line = JSON.parse(out.written.join("")) as Record<string, unknown>;
    expect(line).toEqual({ level: "info", time: expect.any(String), requestId: "req_1", ms: 3, msg: "call" });
    expect(new Date(String(line["time"])).toISOString()).toBe(line["time"]);
    expect(out.written.join("").endsWith("\n")).toBe(true);
  });

  test("keeps to its level, which can be changed", async () => {
    const out = sink();
    const handle = await openLog({ level: "warn", pretty: false, sink: out });
    handle.log.info({}, "no");
    handle.setLevel("debug");
    handle.log.debug({}, "yes");
    expect(out.written).toHaveLength(1);
  });

  test("hides fields that could hold a secret", async () => {
    const out = sink();
    const { log } = await openLog({ level: "info", pretty: false, sink: out });
    log.info(
      { authorization: "Bearer abc", apiKey: "x1", headers: { cookie: "x2" }, body: "x3" },
      "careless",
    );
    expect(out.written.join("")).not.toMatch(/abc|x1|x2|x3/);
  });

  test("cannot be made to write a second line", async () => {
    const out = sink();
    const { log } = await openLog({ level: "info", pretty: false, sink: out });
    log.info({ model: 'a\n{"level":"error"}' }, "call\r\nforged");
    expect(out.written.join("").trimEnd().split("\n")).toHaveLength(1);
  });

  test("has written every line by the time the process exits", async () => {
    const script = `
      import { openLog } from "${new URL("../../src/telemetry/log.ts", import.meta.url).href}";
      const { log, flush } = await openLog({ level: "info", pretty: false });
      process.on("exit", flush);
      for (let line = 0; line < 500; line += 1) log.info({ line }, "x".repeat(200));
      process.exit(0);`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { line: number }).line)).toEqual([...Array(500).keys()]);
  });

  test("writes for a person where asked to", async () => {
    const out = sink();
    const { log, flush } = await openLog({ level: "info", pretty: true, sink: out });
    log.warn({ channel: "a/1" }, "attempt failed");
    flush();
    expect(out.written.join("")).toMatch(/WARN: attempt failed \{"channel":"a\/1"\}/);
  });
});

describe("an error in the log", () => {
  test("is told with its type, message, stack and cause", () => {
    const shape = describeError(new Fault("internal", { cause: new TypeError("x is undefined") }));
    expect(shape).toMatchObject({ type: "Fault", cause: { type: "TypeError", message: "x is undefined" } });
    expect(shape.stack).toContain("log.test.ts");
  });

  test.each([
    "Incorrect API key provided: sk-proj-abcdefgh12345678",
    "header Authorization: Bearer abcdefgh12345678",
    "GET https://x.test/v1?api-key=abcdefgh12345678 failed",
    "token eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl",
    "ent-abcdefgh12345678 was refused",
  ])("shows no credential: %s", (message) => {
    const shown = JSON.stringify(describeError(new Error("outer", { cause: new Error(message) })));
    expect(shown).toContain("[redacted]");
    expect(shown).not.toMatch(/abcdefgh12345678|eyJ/);
  });

  test("is bounded, however deep or long it is", () => {
    let error = new Error("e".repeat(100_000));
    for (let depth = 0; depth < 10_000; depth += 1) error = new Error("x", { cause: error });
    error.cause = Object.assign(new Error("loop"), { cause: error });
    expect(JSON.stringify(describeError(error)).length).toBeLessThan(30_000);
  });

  test("that is no error at all is not looked into", () => {
    expect(describeError({ prompt: "secret" })).toEqual({ type: "object", message: "not an error" });
    expect(describeError("text")).toEqual({ type: "string", message: "text" });
  });
});
