import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  readBoolean,
  readDuration,
  readInteger,
  readSize,
  readTime,
  readUsd,
} from "../../src/config/read-values.ts";

describe("durations", () => {
  test.each([
    ["500ms", 500],
    ["30s", 30_000],
    ["1.5 h", 5_400_000],
    ["30d", 2_592_000_000],
    ["250", 250],
    [250, 250],
  ])("%j is %i ms", (written, milliseconds) => {
    expect(readDuration(written)).toBe(milliseconds);
  });

  test.each(["", "s", "-1s", "1 week", "1e3s", "NaN", -1, 1.5, Infinity, null, true, {}])(
    "%j is no duration",
    (written) => {
      expect(readDuration(written)).toBeUndefined();
    },
  );
});

test("sizes know decimal and binary units", () => {
  expect(readSize("64 MiB")).toBe(64 * 1024 * 1024);
  expect(readSize("10MB")).toBe(10_000_000);
  expect(readSize("7")).toBe(7);
  expect(readSize("7 mib")).toBeUndefined();
});

test("numbers and booleans may be text, as the environment gives them", () => {
  expect(readInteger("8080")).toBe(8080);
  expect(readInteger("80.5")).toBeUndefined();
  expect(readInteger("0x10")).toBeUndefined();
  expect(readInteger("99999999999999999999")).toBeUndefined();
  expect(readBoolean("false")).toBe(false);
  expect(readBoolean("no")).toBeUndefined();
});

test("times are dates at midnight UTC, or say their zone", () => {
  expect(readTime("2026-11-01")).toBe(Date.UTC(2026, 10, 1));
  expect(readTime("2026-11-01T08:30:00+02:00")).toBe(Date.UTC(2026, 10, 1, 6, 30));
  expect(readTime("2026-11-01T08:30")).toBeUndefined();
  expect(readTime("2026-02-31")).toBeUndefined();
  expect(readTime("2026-13-01")).toBeUndefined();
});

describe("prices", () => {
  test.each([
    ["0.15", 150_000_000n],
    [0.15, 150_000_000n],
    [10, 10_000_000_000n],
    ["0", 0n],
    [1e-7, 100n],
    ["0.000000001", 1n],
    ["1000000000", 10n ** 18n],
  ])("%j USD is %i nano-dollars", (written, amount) => {
    expect(readUsd(written)).toBe(amount);
  });

  test.each([
    "0.0000000001",
    "1000000001",
    "-1",
    "1,5",
    "",
    "free",
    "1e30",
    "9".repeat(40),
    NaN,
    Infinity,
    null,
  ])("%j is no price", (written) => {
    expect(readUsd(written)).toBeUndefined();
  });

  test("every amount of nano-dollars can be written and comes back exactly", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), (amount) => {
        const text = `${amount / 10n ** 9n}.${(amount % 10n ** 9n).toString().padStart(9, "0")}`;
        expect(readUsd(text)).toBe(amount);
      }),
    );
  });
});
