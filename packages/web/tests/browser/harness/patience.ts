// How long tests wait. A machine may be slow and a chain busy: nothing here measures them.

/** What is awaited longer than this is not coming, in milliseconds. */
export const patience = 120_000;

/** For `expect.poll`. */
export const soon = { timeout: patience, interval: 250 } as const;

/** Tries until it gives something. */
export async function eventually<T>(
  what: string,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const found = await attempt();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
