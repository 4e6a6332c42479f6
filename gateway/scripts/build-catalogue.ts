// Builds data/catalogue.json from a models.dev snapshot:
//   node gateway/scripts/build-catalogue.ts <snapshot.json> [<licence file>]
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import {
  type CatalogueFile,
  type FileChannel,
  type FilePriceTable,
  type FileVendor,
  fileFeatures,
  fileModalities,
} from "../src/catalogue/catalogue-file.ts";
import { compilePrice } from "./compile-price.ts";
import type { Snapshot, SnapshotModel } from "./models-dev.ts";

const notChat = /embed|rerank|bge-|(^|[/-])(e5|gte)-|distilbert|whisper|transcribe|(gpt|chatgpt)-image/i;

/** Gives each distinct value a number. */
class Interned<Value> {
  readonly list: Value[] = [];
  readonly #numbers = new Map<string, number>();

  number(value: Value): number {
    const key = JSON.stringify(value);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.list.length);
    return this.list.push(value) - 1;
  }
}

function bits<Name extends string>(names: readonly Name[], has: (name: Name) => boolean): number {
  return names.reduce((sum, name, index) => (has(name) ? sum | (1 << index) : sum), 0);
}

/** Only what the snapshot denies in so many words: `structured_output` is often not told, and files other than PDF are attachments. */
function lacks(model: SnapshotModel): number {
  const { input } = model.modalities;
  const lacking = new Set<string>();
  if (!model.tool_call) lacking.add("tools");
  if (!input.includes("image")) lacking.add("image");
  if (!input.includes("audio")) lacking.add("audio");
  if (!input.includes("pdf") && !model.attachment) lacking.add("file");
  if (model.structured_output === false) lacking.add("json_schema");
  if (!model.reasoning) lacking.add("reasoning");
  return bits(fileFeatures, (feature) => lacking.has(feature));
}

function chats(name: string, { modalities, family = "" }: SnapshotModel): boolean {
  const text = modalities.input.includes("text") && modalities.output.includes("text");
  return text && !notChat.test(name) && !notChat.test(family);
}

/** Canonical ids by the name after the maker, where only one maker has it. */
function byTail(models: readonly string[]): Map<string, string> {
  const ids = new Map<string, string>();
  const shared = new Set<string>();
  for (const id of models) {
    const tail = id.slice(id.indexOf("/") + 1).toLowerCase();
    if (ids.has(tail)) shared.add(tail);
    ids.set(tail, id);
  }
  for (const tail of shared) ids.delete(tail);
  return ids;
}

function build(snapshot: Snapshot): CatalogueFile {
  const date = /\d{4}-\d{2}-\d{2}/.exec(snapshot.source)?.[0];
  if (date === undefined) throw new Error("The snapshot's `source` does not tell its date.");
  const canonical = new Set(Object.keys(snapshot.models));
  const tails = byTail([...canonical]);
  const models = new Interned<string>();
  const prices = new Interned<FilePriceTable>();

  /** What the snapshot says, else the same name among the canonical ones, else the vendor's name as it is. */
  function modelOf(vendor: string, name: string, model: SnapshotModel): string {
    if (model.base_model !== undefined) return model.base_model;
    for (const id of [name, `${vendor}/${name}`]) if (canonical.has(id)) return id;
    const tail = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
    return tails.get(tail) ?? (name.includes("/") ? name : `${vendor}/${name}`);
  }

  function channel(vendor: string, name: string, model: SnapshotModel): FileChannel {
    const id = modelOf(vendor, name, model);
    const price = compilePrice(model.cost, id.startsWith("anthropic/") || /claude/i.test(name));
    const { input, output } = model.modalities;
    return [
      name,
      id === `${vendor}/${name}` ? null : models.number(id),
      price === undefined ? null : prices.number(price),
      model.limit.context || null,
      model.limit.output || null,
      bits(fileModalities, (modality) => input.includes(modality)),
      bits(fileModalities, (modality) => output.includes(modality)),
      lacks(model),
      chats(name, model) ? 1 : 0,
    ];
  }

  const vendors: [string, FileVendor][] = Object.entries(snapshot.providers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { env, api, models }]) => [
      id,
      {
        env,
        // An address with a variable in it has to come from the operator.
        api: api === undefined || api.includes("${") ? null : api.replace(/\/+$/, ""),
        channels: Object.entries(models)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, model]) => channel(id, name, model)),
      },
    ]);
  return {
    source: "models.dev",
    licence: "MIT, see catalogue.LICENSE",
    date,
    models: models.list,
    prices: prices.list,
    vendors: Object.fromEntries(vendors),
  };
}

/** A line for each vendor, so that the changes of a new snapshot can be read. */
function print({ vendors, ...rest }: CatalogueFile): string {
  const head = Object.entries(rest).map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  const lines = Object.entries(vendors).map(
    ([id, vendor]) => `${JSON.stringify(id)}:${JSON.stringify(vendor)}`,
  );
  return `{${head.join(",\n")},\n"vendors":{\n${lines.join(",\n")}\n}}\n`;
}

const [snapshotPath, licencePath] = process.argv.slice(2);
if (snapshotPath === undefined) throw new Error("usage: build-catalogue.ts <snapshot.json> [<licence file>]");
const file = print(build(JSON.parse(readFileSync(snapshotPath, "utf8")) as Snapshot));
writeFileSync(new URL("../data/catalogue.json", import.meta.url), file);
if (licencePath !== undefined)
  copyFileSync(licencePath, new URL("../data/catalogue.LICENSE", import.meta.url));
console.log(`data/catalogue.json: ${file.length} bytes`);
