// A process that opens and settles calls on a data folder until it is killed. It says in a file, at once, what it did: `+ <id>`
// after a call was opened, `- <id>` after it was settled; and on standard output after each turn how many lines it has said.
import { openSync, writeSync } from "node:fs";
import { systemClock } from "../../src/core/clock.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { openSqliteStore } from "../../src/storage/sqlite/open-store.ts";
import { sampleSettlement } from "../storage/samples.ts";
import { sampleIntent } from "./sample-intent.ts";

const [folder = "", generation = "", said = ""] = process.argv.slice(2);
const fail = (message: string) => {
  throw new Error(message);
};
const store = await openSqliteStore({ folder, sole: true, onProblem: fail });
const ledger = openLedger({
  folder: `${folder}/journal`,
  calls: store.calls,
  clock: systemClock,
  priceOf: () => ({ input: 1_000_000_000n }),
  onProblem: fail,
  onRecovered: () => {},
  journalLimits: { fileBytes: 20_000, mostBytes: 100_000_000 },
});
const open: string[] = [];
const file = openSync(said, "a");
let lines = 0;
const say = (line: string) => {
  writeSync(file, `${line}\n`);
  lines += 1;
};

function turn(count: number): void {
  for (let index = 0; index < 20; index += 1) {
    const id = `call_${generation}_${count}_${index}`;
    ledger.open(sampleIntent(id));
    open.push(id);
    say(`+ ${id}`);
  }
  const settled: string[] = [];
  // Some stay open for long, so that files of the journal outlive others.
  while (open.length > 50) {
    const [id = ""] = open.splice(Math.floor(Math.random() * open.length), 1);
    ledger.settle(sampleSettlement(id));
    settled.push(id);
  }
  // The ledger writes down what has settled at the end of the turn.
  setImmediate(() => {
    for (const id of settled) say(`- ${id}`);
    process.stdout.write(`${lines}\n`);
    setImmediate(turn, count + 1);
  });
}

turn(0);
