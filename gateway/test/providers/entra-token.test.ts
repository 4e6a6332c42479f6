import { beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../../src/core/fault.ts";
import { createProvider } from "../../src/providers/create-provider.ts";
import { EntraToken, type TokenSource } from "../../src/providers/kinds/entra-token.ts";
import { ManualClock } from "../manual-clock.ts";

const hour = 3_600_000;

let clock: ManualClock;
let asked: {
  scope: string;
  signal: AbortSignal;
  answer: (lifetime: number) => void;
  refuse: (error: Error) => void;
}[];
let source: TokenSource;
let loads: number;
let token: EntraToken;

beforeEach(() => {
  clock = new ManualClock();
  asked = [];
  loads = 0;
  source = {
    getToken: (scope, { abortSignal }) =>
      new Promise((resolve, reject) => {
        const value = `t${asked.length + 1}`;
        asked.push({
          scope,
          signal: abortSignal,
          answer: (lifetime) => resolve({ token: value, expiresOnTimestamp: clock.now() + lifetime }),
          refuse: reject,
        });
      }),
  };
  token = new EntraToken(() => {
    loads += 1;
    return Promise.resolve(source);
  }, clock);
});

const headers = (value: string): Record<string, string> => ({ authorization: value });

async function first(lifetime = hour): Promise<unknown> {
  const pending = token.headers(headers);
  await clock.advance(0);
  asked.at(-1)?.answer(lifetime);
  return pending;
}

describe("Entra tokens", () => {
  test("are fetched once for all that wait, then at hand without waiting", async () => {
    const waiting = [1, 2, 3].map(() => Promise.resolve(token.headers(headers)));
    await clock.advance(0);
    expect(asked.map(({ scope }) => scope)).toEqual(["https://cognitiveservices.azure.com/.default"]);
    asked[0]?.answer(hour);
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => ({ authorization: "t1" })));
    expect(token.headers(headers)).toEqual({ authorization: "t1" });
    expect(clock.pending).toBe(0);
  });

  test("are renewed before they expire, while the old one is still used", async () => {
    await first();
    await clock.advance(hour - 5 * 60_000);
    expect(token.headers(headers)).toEqual({ authorization: "t1" });
    await clock.advance(0);
    expect(asked).toHaveLength(2);
    expect(token.headers(headers)).toEqual({ authorization: "t1" });
    asked[1]?.answer(hour);
    await clock.advance(0);
    expect(token.headers(headers)).toEqual({ authorization: "t2" });
  });

  test("a failed renewal is tried again after a pause, and told once the token no longer works", async () => {
    await first();
    await clock.advance(hour - 4 * 60_000);
    expect(token.headers(headers)).toEqual({ authorization: "t1" });
    await clock.advance(0);
    asked[1]?.refuse(new Error("down"));
    await clock.advance(1000);
    expect(token.headers(headers)).toEqual({ authorization: "t1" });
    await clock.advance(0);
    expect(asked).toHaveLength(2);
    await clock.advance(30_000);
    expect(token.headers(headers)).toEqual({ authorization: "t1" });
    await clock.advance(0);
    expect(asked).toHaveLength(3);
    asked[2]?.refuse(new Error("down"));
    await clock.advance(4 * 60_000);
    const late = token.headers(headers);
    await clock.advance(0);
    asked[3]?.refuse(new Error("secret detail"));
    await expect(late).rejects.toMatchObject({ code: "provider_credentials" });
    await expect(late).rejects.not.toMatchObject({ message: expect.stringContaining("secret") });
  });

  test("no token within 10 s is an error, and the request for it is called off", async () => {
    const pending = Promise.resolve(token.headers(headers));
    const outcome = pending.then(
      () => "a token",
      (error: unknown) => error,
    );
    await clock.advance(10_000);
    expect(await outcome).toBeInstanceOf(Fault);
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(await first()).toEqual({ authorization: "t2" });
  });

  test("a credential that failed is loaded anew", async () => {
    const failed = Promise.resolve(token.headers(headers)).catch(() => "failed");
    await clock.advance(0);
    asked[0]?.refuse(new Error("x"));
    expect(await failed).toBe("failed");
    await first();
    expect(loads).toBe(2);
  });

  test("sign in an azure provider in place of a key", async () => {
    const provider = createProvider(
      { id: "a", kind: "azure", baseUrl: "https://x.example", credential: "entra", headers: { "x-a": "1" } },
      {
        clock,
        azureTokens: () => Promise.resolve(source),
        transport: () => {
          throw new Error("unused");
        },
        simulator: () => {
          throw new Error("unused");
        },
      },
    );
    const pending = provider.authorize();
    await clock.advance(0);
    asked[0]?.answer(hour);
    expect({ ...(await pending) }).toEqual({ "x-a": "1", authorization: "Bearer t1" });
    const atHand = provider.authorize();
    expect(atHand).not.toBeInstanceOf(Promise);
    expect({ ...(await atHand) }).toEqual({ "x-a": "1", authorization: "Bearer t1" });
  });
});
