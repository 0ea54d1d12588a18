import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Gathering } from "./gathering";
import type { Topic } from "./topics";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

it("asks once for what several events touched", () => {
  const asked: Topic[][] = [];
  const gathering = new Gathering((topics) => asked.push([...topics]));
  gathering.touch(["margin", "prices"]);
  gathering.touch(["prices", "accounts"]);
  vi.advanceTimersByTime(1_000);
  expect(asked).toEqual([["margin", "prices", "accounts"]]);
});

it("asks for the accounts at risk every ten seconds at most, however often prices move, and not never", () => {
  const asked: Topic[][] = [];
  const gathering = new Gathering((topics) => asked.push([...topics]));
  for (let block = 0; block < 30; block++) {
    gathering.touch(["prices", "at-risk"]);
    vi.advanceTimersByTime(1_000);
  }
  expect(asked.filter((topics) => topics.includes("prices"))).toHaveLength(30);
  expect(asked.filter((topics) => topics.includes("at-risk"))).toHaveLength(3);
  vi.advanceTimersByTime(10_000);
  expect(asked.at(-1)).toEqual(["at-risk"]);
});

it("asks nothing once it has stopped", () => {
  const asked = vi.fn();
  const gathering = new Gathering(asked);
  gathering.touch(["margin"]);
  gathering.stop();
  vi.advanceTimersByTime(60_000);
  expect(asked).not.toHaveBeenCalled();
});
