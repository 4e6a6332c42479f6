import { expect, test, vi } from "vitest";
import { Deadline } from "../../src/relay/deadline.ts";
import { ManualClock } from "./manual-clock.ts";

function setUp(milliseconds: number) {
  const clock = new ManualClock();
  const expired = vi.fn();
  return { clock, expired, deadline: new Deadline(clock, milliseconds, expired) };
}

test("expires once, at its time", () => {
  const { clock, expired } = setUp(100);
  clock.advance(99);
  expect(expired).not.toHaveBeenCalled();
  clock.advance(1000);
  expect(expired).toHaveBeenCalledTimes(1);
});

test("a touch starts the wait anew", () => {
  const { clock, expired, deadline } = setUp(100);
  for (let n = 0; n < 10; n += 1) {
    clock.advance(60);
    deadline.touch();
  }
  expect(expired).not.toHaveBeenCalled();
  clock.advance(100);
  expect(expired).toHaveBeenCalledTimes(1);
});

test("a suspended wait does not expire and goes on with its whole length", () => {
  const { clock, expired, deadline } = setUp(100);
  deadline.suspend();
  clock.advance(1000);
  deadline.continue();
  clock.advance(99);
  expect(expired).not.toHaveBeenCalled();
  clock.advance(1);
  expect(expired).toHaveBeenCalledTimes(1);
});

test("restarting while suspended keeps it suspended", () => {
  const { clock, expired, deadline } = setUp(100);
  deadline.suspend();
  deadline.restart(50);
  clock.advance(1000);
  expect(expired).not.toHaveBeenCalled();
});

test("once cleared it leaves no timer, whatever comes after", () => {
  const { clock, expired, deadline } = setUp(100);
  deadline.clear();
  deadline.continue();
  deadline.restart(10);
  clock.advance(1000);
  expect(expired).not.toHaveBeenCalled();
  expect(clock.pending).toBe(0);
});
