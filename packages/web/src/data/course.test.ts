import { expect, test } from "vitest";
import { heightsOf } from "./course";

test("blocks are chosen through the whole span, the same ones while the chain goes on", () => {
  const first = heightsOf(100_000, 3600, 0.5);
  expect(first).toHaveLength(25);
  expect((first.at(-1) ?? 0) - (first[0] ?? 0)).toBe(7200);
  const later = heightsOf(100_100, 3600, 0.5);
  expect(later.filter((height) => first.includes(height)).length).toBeGreaterThanOrEqual(24);
});

test("a young chain has no blocks before its first", () => {
  expect(heightsOf(1000, 3600, 0.5).every((height) => height >= 1 && height <= 1000)).toBe(true);
});

test("slow blocks are each looked at once", () => {
  const heights = heightsOf(500, 60, 6);
  expect(new Set(heights).size).toBe(heights.length);
});
