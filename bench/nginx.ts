import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cores, start } from "./child.ts";
import { freePort } from "./free-port.ts";
import { listening } from "./listening.ts";
import type { Subject } from "./subject.ts";

/** As plain as a reverse proxy gets: no log, no buffering of what streams, connections kept on both sides. */
export function nginxConfig(port: number, upstreamPort: number): string {
  return `worker_processes 1;
worker_rlimit_nofile 65536;
daemon off;
pid nginx.pid;
error_log error.log;
events { worker_connections 32768; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  upstream bench { server 127.0.0.1:${upstreamPort}; keepalive 1024; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://bench;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;
}

/** `nginx/1.22.1`; undefined where there is no nginx. */
export function nginxVersion(): string | undefined {
  const result = spawnSync("nginx", ["-v"], { encoding: "utf8", env: commandPath() });
  return result.error === undefined ? /nginx\/\S+/.exec(result.stderr)?.[0] : undefined;
}

/** Debian keeps nginx where only root's PATH looks. */
function commandPath(): Record<string, string> {
  return { PATH: `${process.env.PATH ?? ""}:/usr/sbin:/usr/local/sbin` };
}

/** Our own nginx, in a folder of its own; the machine's nginx service is not touched. */
export async function startNginx(upstreamPort: number, directory: string): Promise<Subject> {
  const port = await freePort();
  const prefix = join(directory, "nginx");
  mkdirSync(prefix);
  const config = join(prefix, "nginx.conf");
  writeFileSync(config, nginxConfig(port, upstreamPort));
  const child = start({
    command: ["nginx", "-p", prefix, "-c", config, "-e", join(prefix, "error.log")],
    log: join(directory, "nginx.log"),
    environment: commandPath(),
    ...(cores === undefined ? {} : { core: cores.subject }),
  });
  await listening(child, port, 5000);
  return { name: "nginx", port, pid: child.pid, model: "gpt-4o-mini" };
}
