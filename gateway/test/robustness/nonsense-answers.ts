import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { lastFrames, textFrame } from "./chat-vendor.ts";

type Say = string | Uint8Array | ((socket: Socket) => void);

function response(type: string, body: string | Uint8Array, headers = "", status = "200 OK"): Uint8Array {
  const bytes = Buffer.from(body);
  const head = `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\n${headers}content-length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

const json = (body: string | Uint8Array, headers = "") => response("application/json", body, headers);
const stream = (body: string | Uint8Array, headers = "") => response("text/event-stream", body, headers);
const usage = { prompt: 1, completion: 1 };

export const wholeAnswer = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_700_000_000,
  model: "m",
  choices: [
    { index: 0, message: { role: "assistant", content: "fine", refusal: null }, finish_reason: "stop" },
  ],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});
export const wholeStream = textFrame("fine") + lastFrames(usage);

function withBytes(text: string, bytes: readonly number[]): Buffer {
  const [before = "", after = ""] = text.split("fine");
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
}

function forEver(begin: string, piece: string | Uint8Array) {
  return (socket: Socket) => {
    socket.write(begin);
    const more = () => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on("drain", more);
    more();
  };
}

const streamHead = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
const lone = [0xc3, 0x28, 0xff, 0xfe];
const megabyte = "x".repeat(1024 * 1024);

/** Of no use to a client that wants either a whole answer or a stream. */
export const nonsense: Readonly<Record<string, Say>> = {
  "a web page": response("text/html", "<!doctype html><title>Welcome</title>"),
  "a web page that says it is JSON": json("<!doctype html><title>Welcome</title>"),
  "a web page that says it is a stream": stream("<!doctype html>\n\n<title>Welcome</title>\n\n"),
  "nothing at all": json(""),
  "an empty stream": stream(""),
  "a stream of comments only": stream(": one\n\n: two\n\n"),
  "half of an answer": json(wholeAnswer.slice(0, 100)),
  "an answer that is cut off": (socket) =>
    socket.end(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n${wholeAnswer}`,
    ),
  "an error with status 200": json('{"error":{"message":"no","type":"server_error","code":"server_error"}}'),
  "a sentence as an error with status 200": json('{"error":"no"}'),
  "an error as the first event": stream('data: {"error":{"message":"no","type":"server_error"}}\n\n'),
  "a list": json("[]"),
  null: json("null"),
  "a number": json("7"),
  "a string": json('"yes"'),
  "an answer without an answer": json('{"id":"x"}'),
  "events that are not JSON": stream("data: hello\n\ndata: [DONE]\n\n"),
  "events of null": stream("data: null\n\ndata: []\n\ndata: 7\n\ndata: [DONE]\n\n"),
  "no event but the last": stream("data: [DONE]\n\n"),
  "invalid UTF-8 in an answer": json(withBytes(wholeAnswer, lone)),
  "invalid UTF-8 in a stream": stream(withBytes(wholeStream, lone)),
  "an answer compressed unasked": json(gzipSync(wholeAnswer), "content-encoding: gzip\r\n"),
  "a stream compressed unasked": stream(gzipSync(wholeStream), "content-encoding: gzip\r\n"),
  "a frame of 17 MiB": (socket) => socket.end(`${streamHead}data: ${megabyte.repeat(17)}\n\n`),
  "a frame without end": forEver(`${streamHead}data: `, megabyte),
  "lines of a frame without end": forEver(streamHead, `data: ${"x".repeat(1000)}\n`.repeat(1000)),
  "headers without end": forEver("HTTP/1.1 200 OK\r\n", `x-more: ${"x".repeat(1000)}\r\n`),
  "interim answers without end": (socket) => {
    const timer = setInterval(() => socket.write("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"), 5);
    socket.on("close", () => clearInterval(timer));
  },
  "another protocol": "SSH-2.0-OpenSSH_9.6\r\n",
  "an upgrade nobody asked for":
    "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
  "a redirect": response(
    "text/plain",
    "",
    "location: http://127.0.0.1:1/elsewhere\r\n",
    "307 Temporary Redirect",
  ),
  "no content": "HTTP/1.1 204 No Content\r\n\r\n",
  "a status of its own": response("application/json", wholeAnswer, "", "299 Fine"),
  "a status that is none": "HTTP/1.1 abc Fine\r\ncontent-length: 0\r\n\r\n",
  "broken chunks": (socket) =>
    socket.end(
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    ),
  "broken chunks in a stream": (socket) =>
    socket.end(
      `${streamHead.replace("\r\n\r\n", "\r\ntransfer-encoding: chunked\r\n\r\n")}5\r\n: hey\r\n-1\r\n`,
    ),
  "two lengths": `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\ncontent-length: 400\r\n\r\n${wholeAnswer}`,
  "a closed connection": (socket) => socket.end(),
  "a reset connection": (socket) => socket.resetAndDestroy(),
  "a page of a proxy": response("text/html", "<h1>502 Bad Gateway</h1>", "", "502 Bad Gateway"),
  "a failure in no known shape": response("application/json", '[{"oops":{}}]', "", "500 Oops"),
  "a limit with nonsense about when to come back": response(
    "application/json",
    '{"error":{"message":"slow down","code":"rate_limit_exceeded"}}',
    "retry-after: -1e99, NaN\r\nretry-after-ms: 99999999999999999999\r\n",
    "429 Too Many",
  ),
};

const spoiled = (tail: string | Uint8Array) => (socket: Socket) => {
  socket.write(streamHead + textFrame("a beginning "));
  setTimeout(() => socket.end(tail), 50);
};

/** Streams that begin well. */
export const spoiledStreams: Readonly<Record<string, Say>> = {
  "ends too early": spoiled(""),
  "is cut off": (socket) => {
    socket.write(streamHead + textFrame("a beginning "), () => socket.resetAndDestroy());
  },
  "brings an error": spoiled('data: {"error":{"message":"no","type":"server_error"}}\n\n'),
  "turns into a web page": spoiled("<!doctype html>\n\n"),
  "ends in half an event": spoiled('data: {"choices":[{"index":0,"delta":{"cont'),
  "turns to invalid UTF-8": spoiled(withBytes(wholeStream, lone)),
  "begins a frame of 17 MiB": (socket) =>
    socket.end(`${streamHead}${textFrame("a beginning ")}data: ${megabyte.repeat(17)}\n\n`),
  "begins a frame without end": forEver(`${streamHead}${textFrame("a beginning ")}data: `, megabyte),
  "falls silent in a frame": (socket) => socket.write(`${streamHead}${textFrame("a beginning ")}data: {`),
};

const odd = (choices: string) => `data: {"id":"x","object":"chat.completion.chunk","choices":${choices}}\n\n`;
const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;

/** Understood or refused, but never the end of this server. */
export const oddities: Readonly<Record<string, Say>> = {
  "choices that are none": stream(
    `${odd("7")}${odd("[null]")}${odd('[{"delta":7}]')}${odd('["x"]')}${wholeStream}`,
  ),
  "indexes from beyond": stream(
    `${odd('[{"index":-1,"delta":{"content":"a"}}]')}${odd('[{"index":1e308,"delta":{"content":"a"}}]')}${odd('[{"index":4294967295,"delta":{"tool_calls":[{"index":1e9,"function":{"name":7,"arguments":[]}}]}}]')}${wholeStream}`,
  ),
  "a deep answer": json(wholeAnswer.replace('"refusal":null', `"refusal":null,"deep":${deep}`)),
  "a deep event": stream(`${odd(`[{"index":0,"delta":{"content":"a","deep":${deep}}}]`)}${wholeStream}`),
  "a polluting answer": json(
    wholeAnswer.replace(
      '"refusal":null',
      '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}',
    ),
  ),
  "a polluting event": stream(
    `${odd('[{"index":0,"__proto__":{"polluted":1},"delta":{"content":"a","__proto__":{"polluted":1}}}]')}${wholeStream}`,
  ),
  "usage from beyond": json(
    wholeAnswer
      .replace('"prompt_tokens":1', '"prompt_tokens":-1e308')
      .replace('"completion_tokens":1', '"completion_tokens":"many"'),
  ),
  "interim answers before the answer": `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n${json(wholeAnswer).toString()}`,
  "an answer of another type": response("text/plain", wholeAnswer),
  "a stream where none was wanted": stream(wholeStream),
  "line ends of another system": stream(wholeStream.replaceAll("\n", "\r\n")),
};

export function say(socket: Socket, what: Say): void {
  if (typeof what === "function") what(socket);
  else socket.write(what);
}
