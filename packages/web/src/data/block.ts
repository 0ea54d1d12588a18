import { useEffect, useState, useSyncExternalStore } from "react";

/** The newest block that the page heard of. */
export interface Block {
  readonly height: number;
  /** The chain's time, in seconds. */
  readonly time: number;
}

let newest: Block | undefined;
/** When it was heard of, by this device's clock, in milliseconds. */
let heard = 0;
const listeners = new Set<() => void>();

/** A block that is older by more than so many is of a chain that began anew, as local ones do. */
const farthestBehind = 100;

/** Tells the page of a block; one that is a little older than the newest changes nothing. */
export function heardOf(block: Block): void {
  const behind = newest === undefined ? -1 : newest.height - block.height;
  if (behind >= 0 && behind <= farthestBehind) return;
  newest = block;
  heard = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The newest block; changes with every block, so read it where it is shown. */
export function useBlock(): Block | undefined {
  return useSyncExternalStore(subscribe, () => newest);
}

/** The newest block, for whoever reckons with it once. */
export function newestBlock(): Block | undefined {
  return newest;
}

/** The chain's time now in whole seconds: the newest block's, and what passed since. */
export function useChainTime(): number | undefined {
  const [now, setNow] = useState(chainTime);
  useEffect(() => {
    const timer = setInterval(() => setNow(chainTime()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function chainTime(): number | undefined {
  if (newest === undefined) return undefined;
  return newest.time + Math.floor((Date.now() - heard) / 1000);
}
