import { Fault } from "../../core/fault.ts";

/** Garbage that a provider, or a proxy in front of it, may answer. */
export const nonsenses = ["html", "truncated", "invalid-utf8", "error-200", "giant"] as const;
export type Nonsense = (typeof nonsenses)[number];

/** How one simulated call behaves. docs/simulator.md says what each does and is held to this table by a test. */
export interface SimSettings {
  /** Milliseconds to the first byte. */
  readonly latency: number;
  /** Tokens a second; 0: as fast as they are taken. */
  readonly rate: number;
  /** Length of generated text in tokens. */
  readonly tokens: number;
  /** Tokens in one event of a stream. */
  readonly chunk: number;
  readonly seed?: number;
  /** HTTP status to fail with, at the share `failRate` of the calls. */
  readonly fail?: number;
  readonly failRate: number;
  /** Seconds in the `retry-after` header of a failure. */
  readonly retryAfter?: number;
  /** Events after which the connection is reset. */
  readonly break?: number;
  /** Events after which nothing comes any more. */
  readonly stall?: number;
  /** Tokens of reasoning; absent: what the model does. */
  readonly reasoning?: number;
  /** Tool calls in one answer; absent: what the model does. */
  readonly tools?: number;
  readonly usage: boolean;
  /** Input tokens reported as read from the prompt cache. */
  readonly cached: number;
  readonly nonsense?: Nonsense;
}

interface Setting {
  readonly field: keyof SimSettings;
  /** What may be written, for people. */
  readonly expected: string;
  /** Undefined where it is none of that. */
  read(text: string): number | boolean | string | undefined;
}

function number(field: keyof SimSettings, low: number, high: number, whole: boolean): Setting {
  return {
    field,
    expected: `a ${whole ? "whole " : ""}number from ${low} to ${high}`,
    read(text) {
      if (!/^\d{1,9}(?:\.\d{1,9})?$/.test(text)) return undefined;
      const value = Number(text);
      return value >= low && value <= high && (!whole || Number.isInteger(value)) ? value : undefined;
    },
  };
}

/** Every setting by the name it is written with. */
export const simSettings: ReadonlyMap<string, Setting> = new Map([
  ["latency", number("latency", 0, 600_000, false)],
  ["rate", number("rate", 0, 100_000, false)],
  ["tokens", number("tokens", 0, 100_000, true)],
  ["chunk", number("chunk", 1, 1000, true)],
  ["seed", number("seed", 0, 999_999_999, true)],
  ["fail", number("fail", 400, 599, true)],
  ["fail-rate", number("failRate", 0, 1, false)],
  ["retry-after", number("retryAfter", 0, 3600, true)],
  ["break", number("break", 0, 1_000_000, true)],
  ["stall", number("stall", 0, 1_000_000, true)],
  ["reasoning", number("reasoning", 0, 100_000, true)],
  ["tools", number("tools", 0, 16, true)],
  ["cached", number("cached", 0, 1_000_000, true)],
  [
    "usage",
    {
      field: "usage",
      expected: "`on` or `off`",
      read: (text) => (text === "on" ? true : text === "off" ? false : undefined),
    },
  ],
  [
    "nonsense",
    {
      field: "nonsense",
      expected: `one of ${nonsenses.join(", ")}`,
      read: (text) => nonsenses.find((each) => each === text),
    },
  ],
]);

export const defaultSimSettings: SimSettings = {
  latency: 0,
  rate: 0,
  tokens: 64,
  chunk: 1,
  failRate: 1,
  usage: true,
  cached: 0,
};

/**
 * @param query what follows `?` in the model's name: `latency=200&rate=50`
 * @param header the `entente-sim` header: `latency=200, rate=50`; wins over the name
 * @throws Fault `invalid_request` that names the setting
 */
export function readSimSettings(query: string | undefined, header: string | undefined): SimSettings {
  if (query === undefined && header === undefined) return defaultSimSettings;
  const written: Partial<Record<keyof SimSettings, number | boolean | string>> = {};
  readInto(written, query, "&", "model");
  readInto(written, header, ",", "entente-sim");
  const settings = { ...defaultSimSettings, ...written } as SimSettings;
  return written.failRate !== undefined && settings.fail === undefined
    ? { ...settings, fail: 503 }
    : settings;
}

function readInto(
  written: Partial<Record<keyof SimSettings, number | boolean | string>>,
  text: string | undefined,
  separator: string,
  param: string,
): void {
  for (const item of (text ?? "").split(separator)) {
    const trimmed = item.trim();
    if (trimmed === "") continue;
    const equals = trimmed.indexOf("=");
    const name = (equals === -1 ? trimmed : trimmed.slice(0, equals)).trim();
    const setting = simSettings.get(name);
    if (setting === undefined) {
      throw new Fault("invalid_request", {
        param,
        detail: `The simulator has no setting '${name.slice(0, 40)}'; it has ${[...simSettings.keys()].join(", ")}.`,
      });
    }
    const value = equals === -1 ? undefined : setting.read(trimmed.slice(equals + 1).trim());
    if (value === undefined)
      throw new Fault("invalid_request", {
        param,
        detail: `The simulator's '${name}' takes ${setting.expected}.`,
      });
    written[setting.field] = value;
  }
}
