import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/config/config-error.ts";
import { loadText, problemsOf } from "./config-folder.ts";

describe("every problem says where it is, what is there and what was expected", () => {
  test.each<[string, string, string[]]>([
    [
      "an unknown key, with the nearest valid one",
      "providers:\n  openai:\n    kind: openai\n    knd: 1\n",
      ["4:5 providers.openai.knd: unknown key 'knd'; did you mean 'kind'?"],
    ],
    [
      "an unknown key like no other, with all valid ones",
      "listen: {xyzzy: 1}\n",
      ["1:10 listen.xyzzy: unknown key 'xyzzy'; valid here: host, port"],
    ],
    [
      "a wrong word",
      "providers: {a: {kind: opnai}}\n",
      [
        '1:23 providers.a.kind: expected openai, azure, anthropic, ollama, openai-compatible or sim; got "opnai"',
      ],
    ],
    [
      "a missing setting, at the thing that lacks it",
      "providers:\n  a: {models: [x]}\n",
      ["2:3 providers.a.kind: missing; expected openai, azure, anthropic, ollama, openai-compatible or sim"],
    ],
    [
      "numbers out of range",
      "listen: {port: 70000}\nretries: {budget: 2}\n",
      [
        "1:16 listen.port: expected a whole number from 0 to 65535; got 70000",
        "2:19 retries.budget: expected a number from 0 up to 1; got 2",
      ],
    ],
    [
      "a duration that is none",
      "deadlines: {connect: soon}\n",
      ['1:22 deadlines.connect: expected a duration such as 30s, 500ms or 2m; got "soon"'],
    ],
    [
      "a price with a wrong unit and no output price",
      "channels:\n  - provider: a\n    model: b\n    price: {inpt: 1, input: 2}\n",
      [
        "4:5 channels[0].price.output: missing; expected USD per million as a decimal such as 0.15, at most 9 decimals",
        "4:13 channels[0].price.inpt: unknown key 'inpt'; did you mean 'input'?",
      ],
    ],
    [
      "a price of another form",
      "channels: [{provider: a, model: b, price: cheap}]\n",
      [
        `1:43 channels[0].price: expected 'free', or prices by unit such as {input: 0.15, output: 0.60}; got "cheap"`,
      ],
    ],
    [
      "a mistake within a route's short form",
      "routes:\n  fast: [a/b, {channels: []}]\n",
      ["2:26 routes.fast[1].channels: expected at least one channel; got an empty list"],
    ],
    [
      "a route that is neither form",
      "routes: {fast: 4}\n",
      [
        "1:16 routes.fast: expected a list of channels to try in order, or {steps, attempts, deadlines}; got 4",
      ],
    ],
    [
      "settings of another kind of provider",
      "providers: {a: {kind: openai, apiVersion: '2024-10-21'}}\n",
      ["1:43 providers.a.apiVersion: a provider of kind 'openai' has no such setting"],
    ],
    [
      "a dialect that a kind of provider does not speak",
      "providers: {a: {kind: anthropic, dialects: [openai-chat]}}\n",
      ["1:44 providers.a.dialects: 'openai-chat' is not spoken here; write some of anthropic-messages"],
    ],
    [
      "a dialect that Azure's deployment paths do not speak",
      "providers: {a: {kind: azure, baseUrl: 'https://x', apiVersion: '2024-10-21', dialects: [openai-responses]}}\n",
      ["1:88 providers.a.dialects: 'openai-responses' is not spoken here; write some of openai-chat"],
    ],
    [
      "no dialect at all",
      "providers: {a: {kind: openai, dialects: []}}\n",
      ["1:41 providers.a.dialects: expected at least one dialect; got an empty list"],
    ],
    [
      "an endpoint that Azure cannot do without",
      "providers: {a: {kind: azure, apiKey: k}}\n",
      ["1:13 providers.a.baseUrl: missing; write https://NAME.openai.azure.com"],
    ],
    [
      "an id that would break channel ids",
      "providers: {a/b: {kind: openai}}\n",
      ["1:13 providers[\"a/b\"]: expected an id of letters, digits, '.', '_' and '-'"],
    ],
    [
      "headers that would break the request",
      'providers: {a: {kind: openai, headers: {host: x, "x y": z, x-z: "a\\nb"}}}\n',
      [
        "1:41 providers.a.headers.host: expected a header that the gateway does not set itself",
        '1:50 providers.a.headers["x y"]: expected a header name',
        "1:65 providers.a.headers.x-z: expected a header value on one line; got a value that is not shown",
      ],
    ],
    [
      "names that would reach an object's prototype",
      "__proto__: {x: 1}\nproviders: {__proto__: {kind: openai}}\n",
      [
        "1:12 __proto__: not a name that can be used",
        "2:24 providers.__proto__: not a name that can be used",
      ],
    ],
    [
      "a channel with no model at all, and one that ends before it begins",
      "channels:\n  - {provider: a}\n  - {provider: a, model: b, from: 2026-02-01, until: 2026-01-01}\n",
      [
        "2:5 channels[0]: needs `model`, `upstream` or both",
        "3:54 channels[1].until: must be later than `from`",
      ],
    ],
    [
      "a time for the whole request that is shorter than for its headers",
      "limits: {headerTimeout: 30s, bodyTimeout: 10s}\n",
      ["1:43 limits.bodyTimeout: must not be shorter than `headerTimeout`: it counts from the same moment"],
    ],
    [
      "an address with a password in it, unseen",
      "providers: {a: {kind: openai, baseUrl: 'https://user:secret@host/v1'}}\n",
      [
        "1:40 providers.a.baseUrl: expected an http(s) URL without user, query or fragment; got a value that is not shown",
      ],
    ],
  ])("%s", async (_title, yaml, problems) => {
    expect(await problemsOf(yaml)).toEqual(problems);
  });

  test("all problems of a file come at once, in its order", async () => {
    const problems = await problemsOf("sim: 7\nlisten: {port: x}\nnope: 1\n", {});
    expect(problems.map((problem) => problem.split(" ", 2)[1])).toEqual(["sim:", "listen.port:", "nope:"]);
  });

  test("the message begins with file, line and column, as editors and terminals link them", async () => {
    const error: unknown = await loadText("sim: 7\n").catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toMatch(/^ConfigError: \/.*entente\.yaml:1:6: sim: expected true or false; got 7$/);
  });
});

describe("what is not YAML", () => {
  test.each([
    ["a: [1\nb: 2\n", /^2:1 : not valid YAML: /],
    ["listen: {port: 1}\nlisten: {port: 2}\n", /^2:1 : this name stands here twice$/],
    ["- a\n- b\n", /^1:1 : expected settings by name/],
    ["just text\n", /^1:1 : expected settings by name/],
    ["a: *nowhere\n", /not valid YAML/],
    [
      "providers: {a: {kind: openai, apiKey: ${KEY}}}\n",
      /inside \{ } and \[ ], write "\$\{NAME}" in quotes$/,
    ],
    ["---\na: 1\n---\nb: 2\n", /not valid YAML/],
  ])("%j is told with its place", async (yaml, message) => {
    const problems = await problemsOf(yaml);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  test("aliases that multiply are refused", async () => {
    let yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (let level = 1; level < 9; level += 1) {
      const aliases = Array.from({ length: 10 }, () => `*a${level - 1}`).join(", ");
      yaml += `a${level}: &a${level} [${aliases}]\n`;
    }
    expect(await problemsOf(yaml)).toEqual(["? : not valid YAML: its aliases expand to too much"]);
  });
});

describe("interpolation", () => {
  test("fills in variables and defaults, in part of a value and as numbers and booleans too", async () => {
    const { config } = await loadText(
      [
        "listen: {port: '${PORT}', host: '${HOST:-127.0.0.9}'}",
        "sim: ${SIM}",
        "providers:",
        "  a: {kind: openai-compatible, baseUrl: 'https://${NAME}.example/v1', apiKey: '${KEY:-}', headers: {x: '$${NAME}'}}",
      ].join("\n"),
      { PORT: "9000", SIM: "false", NAME: "host", HOST: "" },
    );
    expect(config.listen).toEqual({ host: "127.0.0.9", port: 9000 });
    expect(config.sim).toBe(false);
    expect(config.providers["a"]).toEqual({
      kind: "openai-compatible",
      baseUrl: "https://host.example/v1",
      headers: { x: "${NAME}" },
    });
  });

  test("a missing variable is an error that names it, told once", async () => {
    expect(await problemsOf("providers:\n  a:\n    kind: openai\n    apiKey: ${NOT_SET}\n")).toEqual([
      "4:13 providers.a.apiKey: the environment variable NOT_SET is not set",
    ]);
    expect(await problemsOf("listen:\n  port: ${NOT_SET}\n")).toEqual([
      "2:9 listen.port: the environment variable NOT_SET is not set",
    ]);
  });

  test("keys are never filled in", async () => {
    const problems = await problemsOf("providers: {'${NAME}': {kind: openai}}\n", { NAME: "a" });
    expect(problems).toEqual([
      `1:13 providers["\${NAME}"]: expected an id of letters, digits, '.', '_' and '-'`,
    ]);
  });

  test("a variable's content is not filled in again", async () => {
    const { config } = await loadText("listen: {host: '${A}'}\n", { A: "${B}", B: "wrong" });
    expect(config.listen.host).toBe("${B}");
  });

  test.each(["${", "${1A}", "${A B}", "${A-b}"])("%s is told as a mistake", async (text) => {
    expect((await problemsOf(`listen: {host: '${text}'}\n`))[0]).toContain("opens no variable");
  });

  test("no error shows what came out of the environment, wherever it was put", async () => {
    const places = [
      "providers: {a: {kind: '${S}'}}",
      "providers: {a: {kind: openai, baseUrl: 'x${S}'}}",
      "providers: {a: {kind: openai, apiVersion: '${S}/ '}}",
      'providers: {a: {kind: openai, headers: {x: "${S}\\n"}}}',
      "channels: [{provider: a, model: b, price: '${S}'}]",
      "channels: [{provider: a, model: b, price: {input: '${S}', output: 1}}]",
      "routes: {a: {steps: '${S}'}}",
      "listen: {port: '${S}'}",
      "log: {level: '${S}'}",
      "deadlines: '${S}'",
    ];
    const secret = fc.stringMatching(/^[A-Za-z0-9_-]{8,40}$/).filter((text) => !/^\d+$/.test(text));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), secret, async (yaml, value) => {
        for (const problem of await problemsOf(yaml, { S: value })) expect(problem).not.toContain(value);
      }),
      { numRuns: 60 },
    );
  });

  test("nor a key that was written where it does not belong", async () => {
    const key = "sk-proj-4f9aB7c2D8e1F6a3";
    for (const yaml of [
      `providers: {a: {kind: ${key}}}`,
      `providers: {a: {kind: openai, apiKey: [${key}]}}`,
      `providers: {a: {kind: openai, headers: {authorization: "${key}\\n"}}}`,
      `log: {level: ${key}}`,
      `log: ${key}`,
      `sim: "${key}" "${key}"`,
    ])
      expect((await problemsOf(yaml)).join("\n")).not.toContain(key);
  });
});
