import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configReference } from "../../src/config/reference.ts";
import { type OpenGateway, openGateway } from "../end-to-end/open-gateway.ts";
import { askOperator } from "../end-to-end/operator.ts";
import {
  declaredVendors,
  endpointTable,
  engineTable,
  errorTable,
  kindTable,
  metricTable,
  type OpenApiDocument,
  pathTable,
  setbackTable,
  vendorTable,
} from "./code-tables.ts";
import { answerCrossings, requestCrossings } from "./crossings.ts";
import { generatedPage, generatedPart } from "./page.ts";
import { roomsTable } from "./rooms-table.ts";

// ENTENTE_WRITE_DOCS=1 writes these parts anew.
test.each([
  ["errors.md", "errors", errorTable],
  ["architecture.md", "rooms", roomsTable],
  ["dialects.md", "requests", requestCrossings],
  ["dialects.md", "answers", answerCrossings],
  ["providers.md", "engines", engineTable],
  ["providers.md", "kinds", kindTable],
  ["providers.md", "vendors", vendorTable],
  ["providers.md", "declared", declaredVendors],
  ["routing.md", "setbacks", setbackTable],
  ["operating.md", "paths", pathTable],
])("%s: the part '%s' is what the code says", (page, name, wanted) => {
  expect(generatedPart(page, name, wanted())).toBe(wanted());
});

test("config.md is what the schema says", () => {
  expect(generatedPage("config.md", configReference())).toBe(configReference());
});

describe("operating.md", () => {
  let gateway: OpenGateway;
  beforeAll(async () => {
    gateway = await openGateway();
  });
  afterAll(() => gateway.stop());

  test("lists the gateway's metrics, with the labels of a scrape", async () => {
    const call = (model: string, stream = false) =>
      fetch(`${gateway.url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${gateway.key}`, "content-type": "application/json" },
        body: JSON.stringify({ model, stream, messages: [{ role: "user", content: "Hello" }] }),
      }).then(async (answer) => {
        await answer.text();
        return answer.status;
      });
    // A stream, a refusal and a failure: every metric has a series.
    expect(await call("sim/echo", true)).toBe(200);
    expect(await call("unknown")).toBe(404);
    expect(await call("sim/echo?fail=404")).toBe(502);
    const scrape = await (await fetch(`${gateway.url}/metrics`)).text();
    const wanted = metricTable(scrape);
    expect(wanted.split("\n").length).toBeGreaterThan(10);
    expect(generatedPart("operating.md", "metrics", wanted)).toBe(wanted);
  });

  test("lists the calls of the control API", async () => {
    const wanted = endpointTable((await askOperator(gateway, "/openapi.json")) as OpenApiDocument);
    expect(wanted.split("\n").length).toBeGreaterThan(10);
    expect(generatedPart("operating.md", "endpoints", wanted)).toBe(wanted);
  });
});
