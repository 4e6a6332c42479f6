// `npm run check`: every static check, side by side; prints only what failed.
import { spawn } from "node:child_process";

const checks = {
  format: ["biome", ["format", "."]],
  lint: ["oxlint", ["--type-aware", "--deny-warnings", "."]],
  types: ["tsc", ["--noEmit"]],
  imports: ["node", ["scripts/import-map.js"]],
  unused: ["knip", []],
};

function run([command, parameters]) {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(command, parameters, { stdio: ["ignore", "pipe", "pipe"] });
    const output = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) => resolve({ code: 1, text: error.message, seconds: 0 }));
    child.on("close", (code) =>
      resolve({
        code,
        text: Buffer.concat(output).toString(),
        seconds: (performance.now() - started) / 1000,
      }),
    );
  });
}

const results = await Promise.all(
  Object.entries(checks).map(async ([name, check]) => [name, await run(check)]),
);
for (const [name, { code, text, seconds }] of results) {
  if (code !== 0) console.error(text);
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds.toFixed(1)} s)`);
}
process.exitCode = results.every(([, { code }]) => code === 0) ? 0 : 1;
