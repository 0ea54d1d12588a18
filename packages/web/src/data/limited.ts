/**
 * Runs something for each item, a few at a time and in their order. What failed is absent from what
 * comes back; after `signal` nothing new is begun.
 */
export async function limited<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  run: (item: Item) => Promise<Result>,
  signal?: AbortSignal,
): Promise<(Result | undefined)[]> {
  const results = new Array<Result | undefined>(items.length).fill(undefined);
  const queue = items.entries();
  const worker = async () => {
    // All workers take from the same queue.
    for (const [index, item] of queue) {
      if (signal?.aborted === true) return;
      results[index] = await run(item).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
