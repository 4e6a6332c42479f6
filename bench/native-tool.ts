import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const sources = join(import.meta.dirname, "native");

function digest(): string {
  const hash = createHash("sha256").update(process.arch);
  for (const name of readdirSync(sources).sort()) hash.update(name).update(readFileSync(join(sources, name)));
  return hash.digest("hex").slice(0, 16);
}

/** A folder that is ours alone: a program found there was put there by us. */
function cacheFolder(): string {
  const user = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `entente-bench-${user}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = statSync(folder);
  if (uid !== user || (mode & 0o022) !== 0) throw new Error(`${folder} belongs to someone else; remove it`);
  return folder;
}

/** Path of the compiled load tool; compiles it where its sources have changed. @throws Error with what to install. */
export function nativeTool(): string {
  if (process.platform !== "linux")
    throw new Error("The bench runs on Linux only: its load tool needs epoll.");
  const program = join(cacheFolder(), `load-${digest()}`);
  if (existsSync(program)) return program;
  const files = readdirSync(sources).filter((name) => name.endsWith(".c"));
  const unfinished = `${program}.${process.pid}`;
  const result = spawnSync("cc", ["-O2", "-std=gnu17", "-o", unfinished, ...files], {
    cwd: sources,
    encoding: "utf8",
  });
  if (result.error !== undefined) {
    throw new Error(
      "The bench needs a C compiler: apt-get install gcc libc6-dev (Debian), or your system's own.",
    );
  }
  if (result.status !== 0) throw new Error(`The load tool does not compile:\n${result.stderr}`);
  renameSync(unfinished, program);
  return program;
}
