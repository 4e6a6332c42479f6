import type { Row } from "../row.ts";
import { median, medianRatio } from "../statistics.ts";
import { pick, type Series } from "./alternate.ts";

/** Medians of both and of their quotient. */
export function compare<Result>(
  name: string,
  unit: string,
  series: Series<Result>,
  value: (result: Result) => number,
): Row {
  const gateway = pick(series, "entente", value);
  const nginx = pick(series, "nginx", value);
  return {
    name,
    unit,
    gateway: median(gateway),
    ...(nginx.length === 0 ? {} : { nginx: median(nginx), ratio: medianRatio(gateway, nginx) }),
  };
}
