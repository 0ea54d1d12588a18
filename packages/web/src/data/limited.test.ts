import { expect, it } from "vitest";
import { limited } from "./limited";

it("runs a few at a time, in order, and leaves out what failed", async () => {
  let running = 0;
  let most = 0;
  const begun: number[] = [];
  const results = await limited([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    begun.push(item);
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running -= 1;
    if (item === 4) throw new Error("no answer");
    return item * 10;
  });
  expect(most).toBe(3);
  expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(results).toEqual([10, 20, 30, undefined, 50, 60, 70]);
});

it("begins nothing more once nobody waits for it", async () => {
  const aborter = new AbortController();
  const begun: number[] = [];
  await limited(
    [1, 2, 3, 4],
    1,
    async (item) => {
      begun.push(item);
      if (item === 2) aborter.abort();
    },
    aborter.signal,
  );
  expect(begun).toEqual([1, 2]);
});
