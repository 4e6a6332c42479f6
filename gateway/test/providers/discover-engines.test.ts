import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import type { ProviderSettings } from "../../src/core/provider-settings.ts";
import { discoverEngines, type EngineName, usualPlaces } from "../../src/providers/discover-engines.ts";
import { createTransport } from "../../src/providers/transport.ts";
import type { Transport, UpstreamCall } from "../../src/providers/upstream.ts";
import { ManualClock } from "../manual-clock.ts";

const servers: Server[] = [];
const upstream = createTransport({ clock: systemClock });

afterAll(() => upstream.close(0));

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: (path: string, response: ServerResponse) => void): Promise<number> {
  const server = createServer((request, response) => answer(request.url ?? "", response));
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function json(paths: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>> = {}) {
  return (path: string, response: ServerResponse): void => {
    const body = paths[path];
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body ?? {}));
  };
}

async function foundAt(engine: EngineName, port: number): Promise<ProviderSettings | undefined> {
  return (await discoverEngines(upstream.transport, systemClock, [{ engine, port }]))[0];
}

const answers: Readonly<Record<EngineName, Readonly<Record<string, unknown>>>> = {
  ollama: {
    "/api/tags": {
      models: [
        { name: "llama3.2:3b", model: "llama3.2:3b", digest: "a80c", details: { family: "llama" } },
        {
          name: "nomic-embed-text",
          model: "nomic-embed-text:latest",
          digest: "0a10",
          details: { family: "nomic-bert" },
        },
      ],
    },
  },
  vllm: {
    "/v1/models": { object: "list", data: [{ id: "meta/Llama-3.1-8B", object: "model", owned_by: "vllm" }] },
  },
  llamacpp: {
    "/v1/models": {
      object: "list",
      data: [{ id: "qwen.gguf", object: "model", owned_by: "llamacpp", meta: {} }],
    },
  },
  lmstudio: {
    "/api/v0/models": {
      object: "list",
      data: [
        { id: "qwen2-vl-7b", object: "model", type: "vlm", compatibility_type: "mlx" },
        { id: "embed", object: "model", type: "embeddings", compatibility_type: "gguf" },
      ],
    },
  },
};

describe("engines on this machine", () => {
  test.each<[EngineName, string, string, string[]]>([
    ["ollama", "ollama", "", ["llama3.2:3b"]],
    ["vllm", "openai-compatible", "/v1", ["meta/Llama-3.1-8B"]],
    ["llamacpp", "openai-compatible", "/v1", ["qwen.gguf"]],
    ["lmstudio", "openai-compatible", "/v1", ["qwen2-vl-7b"]],
  ])("%s is known by its answer", async (engine, kind, path, models) => {
    const port = await serve(json(answers[engine]));
    expect(await foundAt(engine, port)).toMatchObject({
      id: engine,
      kind,
      baseUrl: `http://127.0.0.1:${port}${path}`,
      models,
    });
  });

  test.each<[string, EngineName, (path: string, response: ServerResponse) => void]>([
    ["a web server", "llamacpp", (_, response) => response.end("<html>hello</html>")],
    ["another engine", "llamacpp", json(answers.vllm)],
    [
      "another OpenAI-compatible server",
      "vllm",
      json({ "/v1/models": { data: [{ id: "gpt-4o", owned_by: "openai" }] } }),
    ],
    ["this gateway", "llamacpp", json(answers.llamacpp, { "entente-request-id": "x" })],
    ["an engine without models", "vllm", json({ "/v1/models": { object: "list", data: [] } })],
    ["an engine that wants a key", "vllm", (_, response) => response.writeHead(401).end("{}")],
    ["a list of junk", "ollama", json({ "/api/tags": { models: [null, 1, { name: "x" }] } })],
    ["an endless body", "ollama", (_, response) => response.end(`{"x":"${"a".repeat(2 * 1024 * 1024)}"}`)],
    ["a redirect", "ollama", (_, response) => response.writeHead(302, { location: "/api/tags" }).end()],
  ])("%s is not taken for one", async (_, engine, answer) => {
    expect(await foundAt(engine, await serve(answer))).toBeUndefined();
  });

  test("names are checked and no more than 200", async () => {
    const ids = [
      "ok",
      "bad\nname",
      "",
      "x".repeat(300),
      "<script>",
      ...Array.from({ length: 300 }, (_, index) => `m${index}`),
    ];
    const data = ids.map((id) => ({ id, owned_by: "vllm" }));
    const settings = await foundAt("vllm", await serve(json({ "/v1/models": { data } })));
    expect(settings?.models).toHaveLength(200);
    expect(settings?.models?.slice(0, 2)).toEqual(["ok", "m0"]);
  });

  test("all are asked at once and none is waited for longer than 300 ms", async () => {
    const clock = new ManualClock();
    const calls: UpstreamCall[] = [];
    let aborted = 0;
    const silent: Transport = (call) => {
      calls.push(call);
      return { pause() {}, resume() {}, abort: () => void (aborted += 1) };
    };
    const pending = discoverEngines(silent, clock);
    expect(calls.map((call) => call.origin + call.path)).toEqual([
      "http://127.0.0.1:11434/api/tags",
      "http://127.0.0.1:8000/v1/models",
      "http://127.0.0.1:8080/v1/models",
      "http://127.0.0.1:1234/api/v0/models",
    ]);
    await clock.advance(300);
    expect(await pending).toEqual([]);
    expect(aborted).toBe(usualPlaces.length);
    expect(clock.pending).toBe(0);
  });
});
