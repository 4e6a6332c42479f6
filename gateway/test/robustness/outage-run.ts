import { Agent } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { type Answer, ask, type Door, question } from "./ask.ts";
import { answerAsAsked, beginStream, refuseWith } from "./chat-vendor.ts";
import { GatewayFolder, type LogLine } from "./gateway-process.ts";
import { openUpstream, type Visit } from "./upstream.ts";

export interface OutagePlan {
  /** Calls a second. */
  readonly rate: number;
  /** Milliseconds for which the first channel fails. */
  readonly outage: number;
  /** Most milliseconds it may take to be used again. */
  readonly recovery: number;
}

export interface OutageReport {
  readonly calls: number;
  /** Answers that were not whole, as the clients saw them. */
  readonly failures: readonly string[];
  /** Attempts beyond the first of each call, as the answers' headers tell. */
  readonly extraAttempts: number;
  /** Calls that reached the failing channel while it failed. */
  readonly struck: number;
  /** What the first channel's breaker was seen to be, in order. */
  readonly states: readonly string[];
  /** Milliseconds from the end of the outage to the breaker's closing. */
  readonly recoveredAfter: number | undefined;
  /** Of the calls of the last half second, the share that the first channel served. */
  readonly servedByFirst: number;
  /** Ids of calls that took more than one attempt. */
  readonly hopped: readonly string[];
  readonly log: readonly LogLine[];
  /** Milliseconds, of whole calls, sorted. */
  readonly durations: readonly number[];
}

/** The ways in which a vendor fails, in turn. */
const breakdowns: readonly ((visit: Visit) => void)[] = [
  (visit) => refuseWith(visit, 503, "server_error"),
  ({ response }) => void response.socket?.resetAndDestroy(),
  ({ response }) => void response.writeHead(500, { "content-type": "text/html" }).end("<h1>Oops</h1>"),
  (visit) => {
    beginStream(visit);
    visit.response.write(": one moment\n\n", () => visit.response.destroy());
  },
  (visit) => refuseWith(visit, 529, "overloaded_error"),
  ({ response }) => void response.writeHead(200, { "content-type": "application/json" }).end('{"half":'),
];

/** A whole answer in the language of the question, streamed or not. */
function isWhole({ status, text }: Answer): boolean {
  const ended = text.startsWith("{") || /data: \[DONE\]\n\n$|"message_stop"\}\n\n/.test(text);
  return status === 200 && text.includes("an answer") && ended && !text.includes('"error"');
}

class Traffic {
  readonly #door: Door;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #running = new Set<Promise<void>>();
  readonly answers: { readonly at: number; readonly milliseconds: number; readonly answer: Answer }[] = [];
  readonly failures: string[] = [];
  calls = 0;

  constructor(door: Door) {
    this.#door = door;
  }

  /** Whole and streamed calls in turn, in two languages. */
  call(): void {
    this.calls += 1;
    const path = this.calls % 4 < 2 ? "/v1/chat/completions" : "/v1/messages";
    const body = question("both", { stream: this.calls % 2 === 0, max_tokens: 50 });
    const running = this.#ask(path, body).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async end(): Promise<void> {
    await Promise.all(this.#running);
    this.#agent.destroy();
  }

  async #ask(path: string, body: unknown): Promise<void> {
    const at = performance.now();
    try {
      const answer = await ask(this.#door, { path, body, agent: this.#agent });
      this.answers.push({ at, milliseconds: performance.now() - at, answer });
      if (!isWhole(answer)) this.failures.push(`${answer.status} ${answer.text.slice(0, 200)}`);
    } catch (error) {
      this.failures.push(String(error));
    }
  }
}

/** Drives a gateway with a steady load while the first of two channels breaks down and comes back. */
export async function runOutage({ rate, outage, recovery }: OutagePlan): Promise<OutageReport> {
  const usage = { prompt: 10, completion: 5 };
  let broken = false;
  let struck = 0;
  const first = await openUpstream((visit) => {
    if (!broken) {
      answerAsAsked(visit, "an answer", usage);
      return;
    }
    struck += 1;
    breakdowns[struck % breakdowns.length]?.(visit);
  });
  const second = await openUpstream((visit) => answerAsAsked(visit, "an answer", usage));
  const provider = (id: string, url: string) =>
    `  ${id}: {kind: openai-compatible, baseUrl: "${url}/v1", models: [m], price: {input: 1, output: 2}}`;
  const folder = await GatewayFolder.make(
    [
      "providers:",
      provider("first", first.url),
      provider("second", second.url),
      "routes: {both: [first/m, second/m]}",
    ].join("\n"),
  );
  try {
    const gateway = await folder.start();
    const admin = { url: gateway.url, key: folder.adminKey };
    const states: string[] = [];
    const look = async () => {
      const { text } = await ask(admin, { method: "GET", path: "/admin/v1/providers/first" });
      const state = /"state":"(closed|open|half_open)"/.exec(text)?.[1] ?? `unknown: ${text}`;
      if (states.at(-1) !== state) states.push(state);
      return state;
    };
    const traffic = new Traffic({ url: gateway.url, key: folder.key });
    const drive = async (until: () => Promise<boolean>) => {
      const began = performance.now();
      for (let sent = 0; !(await until()); ) {
        const due = ((performance.now() - began) * rate) / 1000;
        for (; sent < due; sent += 1) traffic.call();
        await pause(1000 / rate);
      }
    };
    const lasting = (milliseconds: number) => {
      const end = performance.now() + milliseconds;
      return async () => {
        await look();
        return performance.now() > end;
      };
    };
    await drive(lasting(500));
    broken = true;
    await drive(lasting(outage));
    broken = false;
    const ended = performance.now();
    let recoveredAfter: number | undefined;
    await drive(async () => {
      if ((await look()) === "closed") recoveredAfter = performance.now() - ended;
      return recoveredAfter !== undefined || performance.now() - ended > recovery;
    });
    const healed = performance.now();
    await drive(lasting(500));
    await traffic.end();
    await gateway.end("SIGTERM");
    const late = traffic.answers.filter(({ at }) => at > healed);
    const byFirst = late.filter(({ answer }) => answer.headers["entente-channel"] === "first/m");
    const attempts = traffic.answers.map(({ answer }) => Number(answer.headers["entente-attempts"]));
    return {
      calls: traffic.calls,
      failures: traffic.failures,
      extraAttempts: attempts.reduce((sum, count) => sum + count - 1, 0),
      struck,
      states,
      recoveredAfter,
      servedByFirst: late.length === 0 ? 0 : byFirst.length / late.length,
      hopped: traffic.answers.flatMap(({ answer: { headers } }) =>
        Number(headers["entente-attempts"]) > 1 ? [String(headers["entente-request-id"])] : [],
      ),
      log: gateway.log,
      durations: traffic.answers.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b),
    };
  } finally {
    await folder.remove();
    await Promise.all([first.stop(), second.stop()]);
  }
}
