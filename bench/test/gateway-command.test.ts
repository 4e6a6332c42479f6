import { expect, it } from "vitest";
import { startWords } from "../gateway-command.ts";
import { nginxConfig } from "../nginx.ts";
import { readOptions } from "../options.ts";

const places = { config: "/c.yaml", data: "/d", port: 81, upstream: 82 };

it("appends our own flags to a command that names no place", () => {
  expect(startWords(["entente"], places)).toEqual([
    "entente",
    "start",
    "--config",
    "/c.yaml",
    "--data",
    "/d",
    "--port",
    "81",
  ]);
});

it("fills in the places that a command names, and appends nothing", () => {
  expect(startWords(["other", "--listen=127.0.0.1:{port}", "--to={upstream}", "{unknown}"], places)).toEqual([
    "other",
    "--listen=127.0.0.1:81",
    "--to=82",
    "{unknown}",
  ]);
});

it("measures three pairs, one if it is to be quick, or as many as are asked for", () => {
  expect(readOptions([])?.pairs).toBe(3);
  expect(readOptions(["--quick"])?.pairs).toBe(1);
  expect(readOptions(["--quick", "--pairs", "4"])?.pairs).toBe(4);
});

it.each(["0", "1.5", "many", ""])("refuses %j pairs", (pairs) => {
  expect(() => readOptions(["--pairs", pairs])).toThrow(/whole number/);
});

it("refuses an option that it does not know", () => {
  expect(() => readOptions(["--pears", "3"])).toThrow(/pears/);
});

it("splits another command into words and measures nothing where help is asked for", () => {
  expect(readOptions(["--gateway-command", "npx  other {port}"])?.gatewayCommand).toEqual([
    "npx",
    "other",
    "{port}",
  ]);
  expect(readOptions(["--help"])).toBeUndefined();
});

it("makes nginx a plain proxy of the upstream: no log, no buffering, one worker, connections kept", () => {
  const config = nginxConfig(81, 82);
  for (const line of [
    "listen 127.0.0.1:81 ",
    "server 127.0.0.1:82;",
    "access_log off;",
    "proxy_buffering off;",
  ]) {
    expect(config).toContain(line);
  }
  expect(config).toMatch(/worker_processes 1;[^]*keepalive 1024;[^]*proxy_set_header Connection "";/);
});
