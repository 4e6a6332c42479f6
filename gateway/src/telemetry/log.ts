import { pino } from "pino";
import { describeError } from "./error-shape.ts";

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
type LogFields = Readonly<Record<string, unknown>>;

/** What the rest of the gateway knows of logging. Fields never hold a key, a prompt or an answer. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  /** The field `error` may be anything that was thrown. */
  error(fields: LogFields, message: string): void;
  /**
   * A line whose fields are all known to be fit for the log: no look for secrets, for it is written for every call. Two
   * microseconds instead of ten.
   */
  plain(level: "info" | "warn", fields: PlainFields, message: string): void;
}

/** Scalars only; undefined ones are left out. */
export type PlainFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface LogHandle {
  readonly log: Log;
  /** Takes effect at once. */
  readonly setLevel: (level: LogLevel) => void;
  /** Writes out what is held back. Safe to call in `process.on("exit")`. */
  readonly flush: () => void;
}

/** Where lines go; each ends in a line feed. */
export interface LogSink {
  write(line: string): unknown;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Colours and columns for a person, as far as a terminal listens. */
  readonly pretty: boolean;
  /** Instead of standard output. */
  readonly sink?: LogSink;
}

/** A reader that does not keep up costs at most this much memory; then lines are dropped. */
const mostHeldBytes = 16 * 1024 * 1024;
const writeSize = 15 * 1024;
const flushEvery = 100;

/** The last line of defence, should a field carry one of these after all. */
const secretFields = [
  "authorization",
  "apiKey",
  "api_key",
  "key",
  "secret",
  "password",
  "token",
  "headers",
  "body",
];

/** JSON lines, or a person's form of them. The formatter for people is loaded only where it is wanted. */
export async function openLog(options: LogOptions): Promise<LogHandle> {
  const { sink, flush } = options.pretty ? await prettySink(options.sink) : plainSink(options.sink);
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: { error: (error: unknown) => describeError(error) },
      redact: { paths: secretFields, censor: "[redacted]" },
    },
    sink,
  );
  const log: Log = {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    plain(level, fields, message) {
      if (!logger.isLevelEnabled(level)) return;
      sink.write(`${JSON.stringify({ level, time: isoNow(), ...fields, msg: message })}\n`);
    },
  };
  return {
    log,
    setLevel: (level) => {
      logger.level = level;
    },
    flush,
  };
}

interface FlushableSink {
  readonly sink: { write(line: string): void };
  readonly flush: () => void;
}

function plainSink(given: LogSink | undefined): FlushableSink {
  if (given !== undefined) return unbuffered(given);
  const destination = pino.destination({
    dest: 1,
    sync: false,
    maxLength: mostHeldBytes,
  });
  const lines = new LineBuffer((text) => void destination.write(text));
  return {
    sink: lines,
    flush: () => {
      lines.flush();
      destination.flushSync();
    },
  };
}

/** Gathers lines, so that each pays for an addition and not for a write. */
class LineBuffer {
  readonly #write: (text: string) => void;
  #text = "";

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  write(line: string): void {
    if (this.#text === "") setTimeout(() => this.flush(), flushEvery).unref();
    this.#text += line;
    if (this.#text.length >= writeSize) this.flush();
  }

  flush(): void {
    const text = this.#text;
    this.#text = "";
    if (text !== "") this.#write(text);
  }
}

let isoMillisecond = 0;
let isoText = "";

/** Many lines share a millisecond, and its text costs more than the rest of a line. */
function isoNow(): string {
  const now = Date.now();
  if (now !== isoMillisecond) {
    isoMillisecond = now;
    isoText = new Date(now).toISOString();
  }
  return isoText;
}

async function prettySink(given: LogSink | undefined): Promise<FlushableSink> {
  const { prettyFactory } = await import("pino-pretty");
  const format = prettyFactory({
    colorize: given === undefined,
    translateTime: "SYS:HH:MM:ss.l",
    singleLine: true,
    errorLikeObjectKeys: [],
  });
  const out = given ?? process.stdout;
  return unbuffered({ write: (line) => out.write(format(line)) });
}

function unbuffered(given: LogSink): FlushableSink {
  return { sink: { write: (line) => void given.write(line) }, flush: () => {} };
}
