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
}

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
  return {
    log: logger,
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
    minLength: writeSize,
    maxLength: mostHeldBytes,
    periodicFlush: flushEvery,
  });
  return { sink: destination, flush: () => destination.flushSync() };
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
