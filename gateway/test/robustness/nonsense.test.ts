import { expect, it } from "vitest";
import { openGateway } from "../end-to-end/open-gateway.ts";
import { type Answer, ask, question } from "./ask.ts";
import { nonsense, oddities, say, spoiledStreams, wholeAnswer } from "./nonsense-answers.ts";
import { chatProvider, whenDone } from "./test-house.ts";
import { openRawUpstream } from "./upstream.ts";

const said = { ...nonsense, ...spoiledStreams, ...oddities };
const names = Object.keys(said);
const modes = [
  { path: "/v1/chat/completions", stream: false },
  { path: "/v1/chat/completions", stream: true },
  { path: "/v1/messages", stream: false },
  { path: "/v1/messages", stream: true },
] as const;

type Mode = (typeof modes)[number];

/** Each kind of nonsense is a model of its own, so that one channel's breaker is no other's. */
async function openNonsense() {
  const vendor = await openRawUpstream((socket, request) => {
    const index = Number(/"model":"m(\d+)"/.exec(request)?.[1] ?? -1);
    if (index === names.length)
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${wholeAnswer.length}\r\n\r\n${wholeAnswer}`);
    else say(socket, said[names[index] ?? ""] ?? "");
  });
  whenDone(() => vendor.stop());
  const models = [...names.keys(), names.length].map((index) => `m${index}`);
  const gateway = await openGateway({
    config: [
      "deadlines: {firstEvent: 500ms, betweenEvents: 500ms, total: 4s}",
      "retries: {budget: 0}",
      "providers:",
      chatProvider("vendor", vendor.url).replace("models: [m]", `models: [${models.join(", ")}]`),
    ].join("\n"),
  });
  whenDone(() => gateway.stop());
  return {
    gateway,
    askFor: (name: string, { path, stream }: Mode) =>
      ask(gateway, { path, body: question(`vendor/m${names.indexOf(name)}`, { stream, max_tokens: 50 }) }),
    askForSense: () => ask(gateway, { body: question(`vendor/m${names.length}`) }),
  };
}

/** The error that ends an answer, in the caller's dialect; undefined where it is none. */
function errorOf({ path }: Mode, { status, text }: Answer): string | undefined {
  const json = status === 200 ? text.slice(text.lastIndexOf("data: ") + "data: ".length) : text;
  let body: { readonly type?: unknown; readonly error?: Record<string, unknown> };
  try {
    body = JSON.parse(json) as typeof body;
  } catch {
    return undefined;
  }
  if (path === "/v1/messages") {
    const { type, error } = body;
    return type === "error" && typeof error?.["type"] === "string" ? String(error["message"]) : undefined;
  }
  if (
    Object.keys(body.error ?? {})
      .toSorted()
      .join() !== "code,message,param,type"
  )
    return undefined;
  return String(body.error?.["message"]);
}

it("answers nonsense with a 502 and its like, in the caller's dialect", async () => {
  const { askFor, askForSense } = await openNonsense();
  await Promise.all(
    Object.keys(nonsense).map(async (name) => {
      for (const mode of modes) {
        const answer = await askFor(name, mode);
        const about = `${name}, ${mode.path}, stream: ${mode.stream}: ${answer.status} ${answer.text.slice(0, 300)}`;
        // What is no answer for one mode can be one for the other.
        if (name.includes("stream") && !mode.stream) expect(answer.status, about).toBeGreaterThan(500);
        else expect([429, 502, 503, 504], about).toContain(answer.status);
        expect(errorOf(mode, answer), about).toBeTypeOf("string");
        expect(answer.text, about).not.toMatch(/<h1>|<title>|doctype|UND_ERR|HPE_/);
      }
    }),
  );
  expect((await askForSense()).status).toBe(200);
});

it("ends a stream that turns to nonsense in an error event, never as if it were whole", async () => {
  const { askFor, askForSense } = await openNonsense();
  await Promise.all(
    Object.keys(spoiledStreams).flatMap((name) =>
      modes
        .filter(({ stream }) => stream)
        .map(async (mode) => {
          const answer = await askFor(name, mode);
          const about = `${name}, ${mode.path}: ${answer.status} ${answer.text.slice(-300)}`;
          // A failure that comes together with the beginning can still be told by the status.
          expect([200, 502], about).toContain(answer.status);
          expect(answer.text.includes("a beginning "), about).toBe(answer.status === 200);
          expect(errorOf(mode, answer), about).toBeTypeOf("string");
          expect(answer.text, about).not.toMatch(/\[DONE\]|message_stop|xxxx/);
        }),
    ),
  );
  expect((await askForSense()).status).toBe(200);
});

it("takes odd answers as well as it can, and is never hurt by them", async () => {
  const { askFor, askForSense } = await openNonsense();
  await Promise.all(
    Object.keys(oddities).map(async (name) => {
      for (const mode of modes) {
        const answer = await askFor(name, mode);
        const about = `${name}, ${mode.path}, stream: ${mode.stream}: ${answer.status} ${answer.text.slice(0, 300)}`;
        expect([200, 502], about).toContain(answer.status);
        if (answer.status === 502) expect(errorOf(mode, answer), about).toBeTypeOf("string");
        else if (mode.stream)
          expect(
            /data: \[DONE\]\r?\n\r?\n|"message_stop"/.test(answer.text) ||
              errorOf(mode, answer) !== undefined,
            about,
          ).toBe(true);
      }
    }),
  );
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  expect((await askForSense()).status).toBe(200);
});

it("hands on no header of a provider, and no answer to somebody else's question", async () => {
  let question = 0;
  const vendor = await openRawUpstream((socket) => {
    question += 1;
    const own = wholeAnswer.replace("fine", `answer ${question}`);
    const head = `HTTP/1.1 200 OK\r\nset-cookie: a=b\r\nentente-request-id: req_evil\r\nx-request-id: evil\r\nserver: evil\r\ncontent-length: ${own.length}\r\n\r\n`;
    const smuggled = wholeAnswer.replace("fine", "smuggled");
    socket.write(`${head}${own}HTTP/1.1 200 OK\r\ncontent-length: ${smuggled.length}\r\n\r\n${smuggled}`);
  });
  whenDone(() => vendor.stop());
  const gateway = await openGateway({ config: `providers:\n${chatProvider("vendor", vendor.url)}` });
  whenDone(() => gateway.stop());
  for (let call = 1; call <= 5; call += 1) {
    const answer = await ask(gateway, {
      body: { model: "vendor/m", messages: [{ role: "user", content: "Hi" }] },
    });
    expect(answer.text).toContain(`answer ${call}`);
    expect(JSON.stringify(answer.headers)).not.toMatch(/evil|cookie/);
  }
});
