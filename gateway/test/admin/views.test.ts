import { describe, expect, test } from "vitest";
import { Lease } from "../../src/routing/lease.ts";
import { now, requestRow, setUp } from "./fake-house.ts";

/** Lets one channel fail as a provider with a wrong credential does. */
function breakChannel({ health, directory }: ReturnType<typeof setUp>, id: string): void {
  const channel = directory.channels.get(id);
  const lease = channel === undefined ? undefined : health.tryAcquire(channel);
  if (!(lease instanceof Lease)) throw new Error("the channel takes calls");
  lease.failure("provider_credentials");
  lease.release();
}

describe("providers", () => {
  test("are listed with their state: 200", async () => {
    const set = setUp();
    breakChannel(set, "openai/gpt-4o");
    const { status, body } = await set.call("GET", "/providers");
    expect(status).toBe(200);
    expect(body).toEqual({
      providers: [
        {
          id: "openai",
          kind: "openai",
          state: "down",
          channels: 1,
          unavailableChannels: 1,
          inFlight: 0,
          calls: 1,
          failures: 1,
        },
        {
          id: "azure",
          kind: "openai",
          state: "up",
          channels: 1,
          unavailableChannels: 0,
          inFlight: 0,
          calls: 0,
          failures: 0,
        },
        {
          id: "sim",
          kind: "sim",
          state: "up",
          channels: 1,
          unavailableChannels: 0,
          inFlight: 0,
          calls: 0,
          failures: 0,
        },
      ],
    });
  });

  test("are told one by one with their channels' health: 200", async () => {
    const set = setUp();
    breakChannel(set, "openai/gpt-4o");
    expect((await set.call("GET", "/providers/openai")).body).toMatchObject({
      id: "openai",
      channels: [
        {
          id: "openai/gpt-4o",
          price: { input: "2500000000" },
          priceTiers: [{ above: 200_000, price: { input: "5000000000" } }],
          contextTokens: 128_000,
          inFlightLimit: 5,
          lacks: ["audio"],
          from: "1970-01-01T00:00:00.000Z",
          health: {
            state: "open",
            lastFailure: { code: "provider_credentials", at: "2026-11-23T12:00:00.000Z" },
            unavailableUntil: "2026-11-23T12:00:02.000Z",
          },
        },
      ],
    });
  });

  test.each(["nobody", "__proto__", "constructor"])("that are not there are a 404: %s", async (id) => {
    expect((await setUp().call("GET", `/providers/${id}`)).status).toBe(404);
  });
});

describe("models", () => {
  interface Page {
    readonly models: { readonly name: string }[];
    readonly next?: string;
  }

  test("are listed by name, page by page: 200", async () => {
    const { call } = setUp();
    const names: string[] = [];
    let next: string | undefined = "";
    while (next !== undefined) {
      const after: string = next === "" ? "" : `&after=${encodeURIComponent(next)}`;
      const page = (await call("GET", `/models?limit=2${after}`)).body as Page;
      names.push(...page.models.map(({ name }) => name));
      next = page.next;
    }
    expect(names).toEqual(["azure/prod", "fast", "openai/gpt-4o", "sim/text"]);
  });

  test("are found by kind and by part of their name", async () => {
    const { call } = setUp();
    const names = async (query: string) =>
      ((await call("GET", `/models?${query}`)).body as Page).models.map(({ name }) => name);
    expect(await names("kind=route")).toEqual(["fast"]);
    expect(await names("contains=GPT")).toEqual(["openai/gpt-4o"]);
  });

  test.each(["limit=0", "limit=1001", "limit=ten", "limit=1e3", "kind=x", "page=2"])(
    "answer 400 to %s",
    async (query) => {
      expect((await setUp().call("GET", `/models?${query}`)).status).toBe(400);
    },
  );

  test("are resolved to their steps: 200", async () => {
    const { body } = await setUp().call("GET", "/models/resolve?name=fast");
    expect(body).toMatchObject({
      kind: "route",
      attempts: 2,
      steps: [
        {
          when: { features: ["tools"], headers: { "x-a": "b" }, minBytes: 1 },
          channels: [{ id: "sim/text", weight: 1, channel: { price: "free" }, health: { state: "closed" } }],
        },
        { channels: [{ id: "gone/x", weight: 2 }] },
      ],
    });
  });

  test("that are unknown are a 404 with the nearest names", async () => {
    const answer = await setUp().call("GET", "/models/resolve?name=gpt-4p");
    expect(answer).toMatchObject({ status: 404, body: { error: { code: "model_not_found" } } });
    expect(JSON.stringify(answer.body)).toContain("Did you mean `gpt-4o`?");
  });
});

describe("usage", () => {
  test("is summed as asked, with exact amounts: 200", async () => {
    const { call, sums, asked } = setUp();
    const cost = 123_456_789_012_345_678n;
    sums.push(
      { group: "2026-11-22", calls: 2, failed: 0, estimated: 1, inputTokens: 7, cost },
      { group: "2026-11-23", calls: 1, failed: 1, estimated: 0, cost: 0n },
    );
    const { status, body } = await call("GET", "/usage?by=day&from=2026-11-01&until=2026-11-24T00:00:00Z");
    expect(status).toBe(200);
    expect(asked.usage).toEqual([{ by: "day", from: Date.UTC(2026, 10, 1), until: Date.UTC(2026, 10, 24) }]);
    expect(body).toEqual({
      by: "day",
      groups: [
        {
          group: "2026-11-22",
          calls: 2,
          failed: 0,
          estimated: 1,
          inputTokens: 7,
          cost: { nanoDollars: "123456789012345678", usd: "123456789.012345678" },
        },
        { group: "2026-11-23", calls: 1, failed: 1, estimated: 0, cost: { nanoDollars: "0", usd: "0.00" } },
      ],
      cost: { nanoDollars: "123456789012345678", usd: "123456789.012345678" },
    });
  });

  test("is by day where nothing is said", async () => {
    const { call, asked } = setUp();
    await call("GET", "/usage");
    expect(asked.usage).toEqual([{ by: "day" }]);
  });

  test.each([
    ["by=week", "by"],
    ["from=yesterday", "from"],
    ["from=2026-02-30", "from"],
    ["from=2026-11-02&until=2026-11-02", "until"],
  ])("answers 400 to %s", async (query, param) => {
    const answer = await setUp().call("GET", `/usage?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { error: { param } } });
  });
});

describe("requests", () => {
  test("are told with their metadata and cost: 200", async () => {
    const { call, rows } = setUp();
    rows.push(requestRow());
    const { status, body } = await call("GET", "/requests/req_1");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: "req_1",
      at: "2026-11-23T11:59:58.000Z",
      durationMs: 2000,
      firstEventMs: 300,
      usage: { inputTokens: 10, outputTokens: 5 },
      cost: { nanoDollars: "25000", usd: "0.000025" },
      costLines: [{ unit: "input", quantity: 10, price: "2500000000", cost: { usd: "0.000025" } }],
    });
    expect(JSON.stringify(body)).not.toContain("of the vendor");
  });

  test("are paged without losing calls of the same millisecond", async () => {
    const { call, rows } = setUp();
    rows.push(
      ...["e", "d", "c", "b", "a"].map((id) =>
        requestRow({ id: `req_${id}`, at: id === "a" ? now - 1 : now }),
      ),
    );
    const seen: string[] = [];
    let next: string | undefined = "";
    while (next !== undefined) {
      const after: string = next === "" ? "" : `&after=${next}`;
      const page = (await call("GET", `/requests?limit=2${after}`)).body as {
        requests: { id: string }[];
        next?: string;
      };
      seen.push(...page.requests.map(({ id }) => id));
      next = page.next;
    }
    expect(seen).toEqual(["req_e", "req_d", "req_c", "req_b", "req_a"]);
  });

  test("that are not there are a 404", async () => {
    expect((await setUp().call("GET", "/requests/req_none")).status).toBe(404);
  });

  test.each(["limit=501", "after=x", "after=1.", "after=1.a%27--"])("answer 400 to %s", async (query) => {
    const { call, asked } = setUp();
    expect((await call("GET", `/requests?${query}`)).status).toBe(400);
    expect(asked.requests).toEqual([]);
  });
});

describe("configuration and health", () => {
  test("the configuration in force is told: 200", async () => {
    expect((await setUp().call("GET", "/config")).body).toEqual({
      file: "entente.yaml",
      settings: { listen: { port: 8080 } },
    });
  });

  test("the node's health is told: 200", async () => {
    const set = setUp();
    breakChannel(set, "sim/text");
    expect((await set.call("GET", "/health")).body).toEqual({
      status: "ready",
      lacking: [],
      version: "1.2.3",
      now: "2026-11-23T12:00:00.000Z",
      ledgerPending: 3,
      inFlight: 0,
      channels: 3,
      troubledChannels: ["sim/text"],
    });
  });

  test("a node that cannot serve says why", async () => {
    const set = setUp();
    set.house.unready = () => ["the store does not answer"];
    expect((await set.call("GET", "/health")).body).toMatchObject({
      status: "not_ready",
      lacking: ["the store does not answer"],
    });
  });
});
