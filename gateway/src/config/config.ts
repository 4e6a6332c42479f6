import type { ConfigFile } from "./schema.ts";

/** The settings in force: file, environment and flags over the defaults. Durations in milliseconds, sizes in bytes. */
export interface Config extends Omit<ConfigFile, "data"> {
  /** Absolute path of the data folder. */
  readonly data: string;
}
