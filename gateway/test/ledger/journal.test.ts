import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Intent } from "../../src/core/settlement.ts";
import { Journal } from "../../src/ledger/journal.ts";
import { intentLine, type JournalEntry, readLine } from "../../src/ledger/journal-line.ts";
import { readCall } from "../storage/read-call.ts";
import { sampleSettlement, settledCall } from "../storage/samples.ts";
import { temporaryFolder } from "../storage/temporary-folder.ts";
import { sampleIntent } from "./sample-intent.ts";

const small = { fileBytes: 1_000, mostBytes: 20_000 };
const idOf = (entry: JournalEntry) => (entry.kind === "intent" ? entry.intent.id : entry.call.id);

function loadAll(journal: Journal): JournalEntry[] {
  const entries: JournalEntry[] = [];
  while (journal.hasBacklog) entries.push(...journal.load());
  return entries;
}

describe("a journal line", () => {
  it("holds every field, whatever is in the names", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.boolean(), (text, number, stream) => {
        const intent: Intent = {
          ...sampleIntent(`call_${text}`),
          model: text,
          at: number,
          inputBytes: number,
          stream,
        };
        expect(intentLine(intent).indexOf("\n")).toBe(intentLine(intent).length - 1);
        expect(readLine(intentLine(intent))).toEqual({ kind: "intent", intent });
        const changes = {
          project: text,
          firstEventAfter: number / 7,
          cost: [{ unit: "output", quantity: number, price: 2n ** 62n, amount: BigInt(number) }],
        } as const;
        const call = settledCall(`call_${text}`, changes);
        expect(readLine(call.text)).toEqual({ kind: "settlement", call });
        expect(readCall(call).settlement).toEqual(sampleSettlement(`call_${text}`, changes));
      }),
    );
  });

  it("is not read where it was cut short", () => {
    const line = settledCall("call_1").text;
    for (let length = 0; length < line.length; length += 1) {
      expect(readLine(line.slice(0, length))).toBeUndefined();
    }
    for (const strange of ["null", "1", "{}", "[]", '["i"]', '["x",1,2]'])
      expect(readLine(strange)).toBeUndefined();
  });
});

describe("the journal", () => {
  it("gives back after a crash what was opened and what was settled, the settlement where there are both", () => {
    const folder = temporaryFolder();
    const first = new Journal(folder);
    first.open(sampleIntent("call_1"));
    first.open(sampleIntent("call_2"));
    first.open({ ...sampleIntent("call_2"), channel: "azure/gpt-4o" });
    first.open(sampleIntent("call_3"));
    first.settle([settledCall("call_3")], false);
    first.open(sampleIntent("call_4"));
    first.settle([settledCall("call_4")], false);
    first.release("call_4");
    const entries = loadAll(new Journal(folder));
    expect(entries.map((entry) => [idOf(entry), entry.kind])).toEqual([
      ["call_1", "intent"],
      ["call_2", "intent"],
      ["call_3", "settlement"],
      ["call_4", "settlement"],
    ]);
    expect(entries[1]).toMatchObject({ intent: { channel: "azure/gpt-4o" } });
  });

  it("finds one entry for each call that is spread over several files, its settlement where there is one", () => {
    const folder = temporaryFolder();
    const first = new Journal(folder, small);
    const ids = Array.from({ length: 20 }, (_, index) => `call_${index}`);
    for (const id of ids) first.open(sampleIntent(id));
    for (const id of ids.slice(5)) first.settle([settledCall(id)], false);
    expect(readdirSync(folder).length).toBeGreaterThan(3);
    const kinds = new Map(loadAll(new Journal(folder, small)).map((entry) => [idOf(entry), entry.kind]));
    expect(kinds).toEqual(new Map(ids.map((id, index) => [id, index < 5 ? "intent" : "settlement"])));
  });

  it("removes a file once no call needs it, and all of them when closed with nothing pending", () => {
    const folder = temporaryFolder();
    const journal = new Journal(folder, small);
    const ids = Array.from({ length: 200 }, (_, index) => `call_${index}`);
    for (const id of ids) {
      journal.open(sampleIntent(id));
      journal.settle([settledCall(id)], false);
      journal.release(id);
      expect(readdirSync(folder).length).toBeLessThanOrEqual(2);
    }
    expect(journal.pending).toBe(0);
    journal.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("keeps the file of a call that is open when closed", () => {
    const folder = temporaryFolder();
    const journal = new Journal(folder);
    journal.open(sampleIntent("call_1"));
    journal.close();
    expect(loadAll(new Journal(folder)).map(idOf)).toEqual(["call_1"]);
  });

  it("is readable by its owner only", () => {
    const folder = join(temporaryFolder(), "journal");
    new Journal(folder).open(sampleIntent("call_1"));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it("reads around a torn last line, damage and files that are not its own", () => {
    const folder = temporaryFolder();
    const first = new Journal(folder);
    first.open(sampleIntent("call_1"));
    const [name = ""] = readdirSync(folder);
    appendFileSync(
      join(folder, name),
      `\u0000\u0000\n{"odd":1}\n${intentLine(sampleIntent("call_2"))}${intentLine(sampleIntent("call_3")).slice(0, 30)}`,
    );
    writeFileSync(join(folder, "notes.txt"), "not a journal");
    expect(loadAll(new Journal(folder)).map(idOf)).toEqual(["call_1", "call_2"]);
    expect(readFileSync(join(folder, "notes.txt"), "utf8")).toBe("not a journal");
  });

  it("takes no more calls when it is full, and does again when some are done", () => {
    const journal = new Journal(temporaryFolder(), small);
    const opened: string[] = [];
    expect(() => {
      for (let index = 0; index < 1_000; index += 1) {
        journal.open(sampleIntent(`call_${index}`));
        opened.push(`call_${index}`);
      }
    }).toThrow("The journal is full.");
    // What is open can always be settled.
    for (const id of opened) journal.settle([settledCall(id)], false);
    for (const id of opened) journal.release(id);
    journal.open(sampleIntent("call_again"));
    expect(journal.pending).toBe(1);
  });

  it("hands out a shelved settlement once", () => {
    const journal = new Journal(temporaryFolder(), small);
    for (let index = 0; index < 10; index += 1)
      journal.settle([settledCall(`call_${index}`)], index % 2 === 0);
    expect(loadAll(journal).map(idOf)).toEqual(["call_0", "call_2", "call_4", "call_6", "call_8"]);
    expect(journal.pending).toBe(10);
    expect(journal.load()).toEqual([]);
  });
});
