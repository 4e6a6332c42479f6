import { expect, it } from "vitest";
import { median, medianRatio } from "../statistics.ts";

it("takes the middle of an odd number of values, in whatever order they come", () => {
  expect(median([9, 100, 1])).toBe(9);
});

it("takes the mean of the two in the middle of an even number", () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

it("refuses to make a median of nothing", () => {
  expect(() => median([])).toThrow(RangeError);
});

it("compares within each pair, so that a slow pair does not count against one side", () => {
  expect(medianRatio([10, 1, 10], [20, 2, 20])).toBe(0.5);
});

it("refuses a pair with nothing to compare with", () => {
  expect(() => medianRatio([1, 2], [1])).toThrow(/pair 2/);
  expect(() => medianRatio([1], [0])).toThrow(/pair 1/);
});
