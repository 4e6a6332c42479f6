import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync, writeFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSqliteStore } from "../../src/storage/sqlite/open-store.ts";
import { sampleKey, settledCall } from "./samples.ts";
import { temporaryFolder } from "./temporary-folder.ts";

// As the launcher does: each test starts threads anew.
enableCompileCache();

const open = (folder: string, sole = false) =>
  openSqliteStore({ folder, sole, onProblem: (message) => expect.fail(message) });

describe("the SQLite store", () => {
  it("makes its folder and files for their owner only", async () => {
    const folder = join(temporaryFolder(), "deep", "data");
    const store = await open(folder, true);
    await store.keys.create(sampleKey("key_a"));
    const mode = (name: string) => statSync(join(folder, name)).mode & 0o777;
    expect(mode("")).toBe(0o700);
    for (const name of ["entente.db", "entente.db-wal", "entente.db-shm", "entente.lock", "entente.pid"]) {
      expect([name, mode(name)]).toEqual([name, 0o600]);
    }
    await store.close();
  });

  it("finds everything again when opened anew", async () => {
    const folder = temporaryFolder();
    const first = await open(folder);
    await first.calls.post([settledCall("call_1")]);
    await first.close();
    const second = await open(folder);
    expect(await second.calls.posted(["call_1"])).toEqual(new Set(["call_1"]));
    await second.close();
  });

  it("shows what a command changes to the gateway that runs beside it", async () => {
    const folder = temporaryFolder();
    const gateway = await open(folder, true);
    const revision = await gateway.keys.revision();
    const command = await open(folder);
    await command.keys.create(sampleKey("key_a"));
    expect(await gateway.keys.revision()).toBeGreaterThan(revision);
    expect((await gateway.keys.list()).length).toBe(1);
    await Promise.all([command.close(), gateway.close()]);
  });

  it("opens a new folder from several sides at once", async () => {
    const folder = temporaryFolder();
    const stores = await Promise.all(Array.from({ length: 4 }, () => open(folder)));
    await Promise.all(stores.map((store, index) => store.calls.post([settledCall(`call_${index}`)])));
    expect((await stores[0]?.calls.requests({ limit: 9 }))?.length).toBe(4);
    await Promise.all(stores.map((store) => store.close()));
  });

  it("refuses a second gateway on a folder with a clear sentence, until the first has closed", async () => {
    const folder = temporaryFolder();
    const first = await open(folder, true);
    await expect(open(folder, true)).rejects.toThrow(
      `Another Entente (process ${process.pid}) runs on this data folder.`,
    );
    await first.close();
    await (await open(folder, true)).close();
  });

  it("takes over from a gateway that was killed, without looking at its process id", async () => {
    const folder = temporaryFolder();
    const module = new URL("../../src/storage/sqlite/folder-lock.ts", import.meta.url).href;
    const script = `const { lockFolder } = await import(${JSON.stringify(module)});
      lockFolder(${JSON.stringify(folder)}); console.log("locked"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child.stdout, "data");
    await expect(open(folder, true)).rejects.toThrow(`(process ${child.pid})`);
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    // A live process with the dead one's id, as after a restarted container, must not keep us out.
    writeFileSync(join(folder, "entente.pid"), `${process.ppid}\n`);
    await (await open(folder, true)).close();
  });

  it("refuses a database of a newer version and leaves it as it is", async () => {
    const folder = temporaryFolder();
    await (await open(folder)).close();
    const database = new DatabaseSync(join(folder, "entente.db"));
    database.exec("PRAGMA user_version = 999");
    await expect(open(folder)).rejects.toThrow("schema version 999");
    expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: 999 });
    database.close();
  });

  it("refuses a database of another program and leaves it as it is", async () => {
    const folder = temporaryFolder();
    const database = new DatabaseSync(join(folder, "entente.db"));
    database.exec("CREATE TABLE theirs (id)");
    await expect(open(folder)).rejects.toThrow("belongs to another program");
    expect(database.prepare("SELECT name FROM sqlite_schema").all()).toEqual([{ name: "theirs" }]);
    database.close();
  });

  it("refuses a file that is no database", async () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, "entente.db"),
      "not a database, but long enough to be looked at as one".repeat(50),
    );
    await expect(open(folder)).rejects.toThrow("file is not a database");
  });
});
