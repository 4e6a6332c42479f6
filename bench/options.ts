import { parseArgs } from "node:util";

export interface Options {
  /** How often gateway and nginx are measured after one another. */
  readonly pairs: number;
  /** Shorter measurements; good for a look, not for a record. */
  readonly quick: boolean;
  /** Put the table into docs/performance.md. */
  readonly write: boolean;
  /** Words of another command to bench; undefined: this repository's gateway. */
  readonly gatewayCommand?: readonly string[];
  /** The key to send where the command prints none. */
  readonly key?: string;
  readonly model: string;
}

export const usage = `npm run bench -- [options]
  --pairs N               measure gateway and nginx N times after one another (3; with --quick 1)
  --quick                 shorter measurements: a look, not a record
  --write                 put the table into docs/performance.md
  --gateway-command TEXT  bench another command. {config}, {data}, {port} and {upstream} (a port) stand for
                          what it is given; without them "start --config .. --data .. --port .." is appended
  --key KEY               the key to send, where that command prints none
  --model NAME            the model to ask for (bench/model)
  --help                  this text`;

/** @throws Error with a sentence for the user where the command line is wrong. Undefined: help was asked for. */
export function readOptions(words: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...words],
    options: {
      pairs: { type: "string" },
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      "gateway-command": { type: "string" },
      key: { type: "string" },
      model: { type: "string", default: "bench/model" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const pairs = values.pairs === undefined ? (values.quick ? 1 : 3) : Number(values.pairs);
  if (!Number.isInteger(pairs) || pairs < 1) throw new Error("--pairs must be a whole number from 1");
  const command = values["gateway-command"]?.split(" ").filter((word) => word !== "");
  return {
    pairs,
    quick: values.quick,
    write: values.write,
    model: values.model,
    ...(command === undefined ? {} : { gatewayCommand: command }),
    ...(values.key === undefined ? {} : { key: values.key }),
  };
}
