import { readFileSync } from "node:fs";
import { table } from "./page.ts";

const map = readFileSync(new URL("../../../scripts/import-map.js", import.meta.url), "utf8");

const duties: Readonly<Record<string, string>> = {
  core: "nouns as types, money, ids, the error table",
  framing: "bytes to server-sent events and back, splices in JSON",
  config: "`entente.yaml`: schema, reading, reload, reference page",
  routing: "name to ordered channels; health, retry, breaker",
  catalogue: "facts about models, vendors and prices",
  telemetry: "log, metrics, traces",
  dialects: "one folder for each wire language",
  providers: "vendors and engines: address, signing, quirks; the simulator",
  storage: "the port, SQLite, migrations",
  identity: "headers to project; keys",
  policy: "which models a key may use",
  ledger: "journal, cost, settlement, postings",
  responses: "stored conversations, background runs",
  relay: "the steps of a call, in order",
  admin: "the control API",
  http: "listener, paths, endpoints",
  main: "puts everything together",
  cli: "the command `entente`",
};

/** The rooms of the import map with what each may import. @throws Error where a room has no duty here, or the map another form */
export function roomsTable(): string {
  const steps = namesIn(/^const steps = \[(.*)\];$/m.exec(map)?.[1]);
  const rooms = /^const rooms = \{\n([\s\S]*?)^\};$/m.exec(map)?.[1] ?? "";
  const rows = [...rooms.matchAll(/^ {2}(\w+): \[(.*)\],$/gm)].map(([, room = "", list]) => {
    const duty = duties[room];
    if (duty === undefined) throw new Error(`room '${room}' is not described`);
    const allowed = namesIn(list).flatMap((name) => (name === "...steps" ? steps : [name]));
    const shown = allowed.includes("*") ? "everything" : allowed.map((name) => `\`${name}\``).join(", ");
    return [`\`${room}\``, duty, shown === "" ? "nothing" : shown];
  });
  if (rows.length !== Object.keys(duties).length) throw new Error("the rooms are not those described here");
  return table(["room", "duty", "may import"], rows);
}

function namesIn(list: string | undefined): string[] {
  return (list ?? "")
    .split(",")
    .map((name) => name.trim().replaceAll('"', ""))
    .filter((name) => name !== "");
}
