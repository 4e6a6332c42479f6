import type { Channel } from "../core/channel.ts";
import { Fault } from "../core/fault.ts";
import type { Route } from "../core/route.ts";

/** How a name was understood. `name` is a model's bare name, without provider or maker. */
export type NameKind = "route" | "channel" | "model" | "name";

/** What a requested model name means here. */
export interface Resolution {
  readonly kind: NameKind;
  /** The name as it is listed: without the suffix. Policy is asked about this one. */
  readonly name: string;
  /** From `?` on, else empty: settings for the provider, to be appended to the channel's upstream name. */
  readonly suffix: string;
  readonly route: Route;
}

/** One line of a list of models. Bare names resolve but are not listed. */
export interface ListedName {
  readonly name: string;
  readonly kind: Exclude<NameKind, "name">;
  /** In the order in which they are tried. */
  readonly channels: readonly Channel[];
}

/** The few of `names` most like `name`, best first. */
export type Nearest = (name: string, names: readonly string[]) => readonly string[];

export interface DirectoryOptions {
  readonly channels: readonly Channel[];
  readonly routes: readonly Route[];
  readonly nearest?: Nearest;
  /** Whether callers may give a channel settings by a suffix of its name. Absent: they may not. */
  readonly isSettable?: (channel: Channel) => boolean;
}

const implicitAttempts = 3;
/** No model has a longer name; a longer one is not compared with the known ones. */
const longestName = 256;

/** Every name that can be asked for, from one state of the configuration. Immutable; a lookup is a few Map reads. */
export class Directory {
  readonly channels: ReadonlyMap<string, Channel>;
  readonly routes: ReadonlyMap<string, Route>;
  readonly #byModel = new Map<string, Channel[]>();
  readonly #byName = new Map<string, Channel[]>();
  readonly #resolved = new Map<string, Resolution>();
  readonly #nearest: Nearest | undefined;
  readonly #isSettable: (channel: Channel) => boolean;
  #listed: readonly ListedName[] | undefined;
  #known: readonly string[] | undefined;

  constructor({ channels, routes, nearest, isSettable = () => false }: DirectoryOptions) {
    this.channels = new Map(channels.map((channel) => [channel.id, channel]));
    this.routes = new Map(routes.map((route) => [route.name, route]));
    this.#nearest = nearest;
    this.#isSettable = isSettable;
    for (const channel of this.channels.values()) {
      append(this.#byModel, channel.model, channel);
      append(this.#byName, channel.upstream, channel);
      const bare = lastSegment(channel.model);
      if (bare !== channel.upstream) append(this.#byName, bare, channel);
    }
  }

  /**
   * A route's name wins over a channel id, that over a catalogue model id (`maker/name`), that over a bare name. A
   * model's channels are tried in the order of the configuration.
   * @throws Fault `model_not_found`, naming the nearest known names.
   */
  resolve(name: string): Resolution {
    const plain = this.#lookUp(name);
    if (plain !== undefined) return plain;
    const mark = name.indexOf("?");
    const base = mark > 0 ? this.#lookUp(name.slice(0, mark)) : undefined;
    if (base !== undefined && this.#channelsOf(base.route).every(this.#isSettable))
      return { ...base, suffix: name.slice(mark) };
    throw this.#unknown(mark > 0 ? name.slice(0, mark) : name);
  }

  /** Routes, then channels, then models sold by more than the channel of the same name. */
  list(): readonly ListedName[] {
    this.#listed ??= this.#buildList();
    return this.#listed;
  }

  #buildList(): ListedName[] {
    const listed = new Map<string, ListedName>();
    const add = (name: string, kind: ListedName["kind"], channels: readonly Channel[]) => {
      if (!listed.has(name)) listed.set(name, { name, kind, channels });
    };
    for (const route of this.routes.values()) add(route.name, "route", this.#channelsOf(route));
    for (const channel of this.channels.values()) add(channel.id, "channel", [channel]);
    for (const [model, channels] of this.#byModel) add(model, "model", channels);
    return [...listed.values()];
  }

  #channelsOf(route: Route): Channel[] {
    const ids = new Set(route.steps.flatMap((step) => step.channels.map(({ channel }) => channel)));
    return [...ids].flatMap((id) => this.channels.get(id) ?? []);
  }

  #lookUp(name: string): Resolution | undefined {
    const known = this.#resolved.get(name);
    if (known !== undefined) return known;
    const found = this.#find(name);
    // Only known names are kept, so the map cannot outgrow the configuration.
    if (found !== undefined) this.#resolved.set(name, found);
    return found;
  }

  #find(name: string): Resolution | undefined {
    const route = this.routes.get(name);
    if (route !== undefined) return { kind: "route", name, suffix: "", route };
    const channel = this.channels.get(name);
    if (channel !== undefined) return implicit("channel", name, [channel]);
    const ofModel = this.#byModel.get(name);
    if (ofModel !== undefined) return implicit("model", name, ofModel);
    const ofName = this.#byName.get(name);
    return ofName === undefined ? undefined : implicit("name", name, ofName);
  }

  #unknown(name: string): Fault {
    this.#known ??= [
      ...new Set([
        ...this.routes.keys(),
        ...this.channels.keys(),
        ...this.#byModel.keys(),
        ...this.#byName.keys(),
      ]),
    ];
    const nearest = name.length > longestName ? [] : (this.#nearest?.(name, this.#known) ?? []);
    return new Fault("model_not_found", {
      param: "model",
      detail:
        nearest.length === 0
          ? "GET /v1/models lists what there is."
          : `Did you mean ${nearest.map((near) => `\`${near}\``).join(", ")}? GET /v1/models lists what there is.`,
    });
  }
}

function implicit(kind: NameKind, name: string, channels: readonly Channel[]): Resolution {
  const steps = channels.map(({ id }) => ({ channels: [{ channel: id, weight: 1 }] }));
  return { kind, name, suffix: "", route: { name, steps, attempts: implicitAttempts } };
}

function append(map: Map<string, Channel[]>, key: string, channel: Channel): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [channel]);
  else list.push(channel);
}

function lastSegment(model: string): string {
  return model.slice(model.lastIndexOf("/") + 1);
}
