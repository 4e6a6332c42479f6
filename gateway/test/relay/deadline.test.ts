import { expect, test, vi } from "vitest";
import { Deadline } from "../../src/relay/deadline.ts";
import { ManualClock } from "../manual-clock.ts";

function setUp(milliseconds: number) {
  const clock = new ManualClock();
  const expired = vi.fn();
  return { clock, expired, deadline: new Deadline(clock, milliseconds, expired) };
}

test("expires once, at its time", async () => {
  const { clock, expired } = setUp(100);
  await clock.advance(99);
  expect(expired).not.toHaveBeenCalled();
  await clock.advance(1000);
  expect(expired).toHaveBeenCalledTimes(1);
});

test("a touch starts the wait anew", async () => {
  const { clock, expired, deadline } = setUp(100);
  for (let n = 0; n < 10; n += 1) {
    await clock.advance(60);
    deadline.touch();
  }
  expect(expired).not.toHaveBeenCalled();
  await clock.advance(100);
  expect(expired).toHaveBeenCalledTimes(1);
});

test("restarting changes its length", async () => {
  const { clock, expired, deadline } = setUp(100);
  await clock.advance(90);
  deadline.restart(500);
  await clock.advance(499);
  expect(expired).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(expired).toHaveBeenCalledTimes(1);
});

test("once cleared it leaves no timer, whatever comes after", async () => {
  const { clock, expired, deadline } = setUp(100);
  deadline.clear();
  deadline.restart(10);
  await clock.advance(1000);
  expect(expired).not.toHaveBeenCalled();
  expect(clock.pending).toBe(0);
});
