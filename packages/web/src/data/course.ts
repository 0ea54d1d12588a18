import type { Bulwark } from "@bulwark/client";
import type { PriceResponse } from "@bulwark/client/types/BulwarkOracle.types";
import type { MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import { skipToken, type UseQueryResult, useQueries, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useBlock } from "./block";
import { useBulwark } from "./connection";

/** A market and its price as they were at a block. */
export interface Moment {
  /** Block time, seconds since 1970. */
  readonly time: number;
  readonly market: MarketResponse;
  /** Nothing before its first price. */
  readonly price: PriceResponse | undefined;
}

/** What is known of a market's past. */
export interface Course {
  /** Oldest first. */
  readonly moments: readonly Moment[];
  readonly isPending: boolean;
  /** The node no longer has a part of the time that was asked for. */
  readonly isCutOff: boolean;
}

/** How many moments are looked at. */
const moments = 24;

/** From so many blocks it is told how long one takes. */
const sampled = 400;

/**
 * A market through the last `span` seconds: what the contracts themselves answered then, for as
 * long as the node keeps it. Blocks are chosen so that all but the last are the same for a while.
 */
export function useCourse(asset: string, span: number): Course {
  const bulwark = useBulwark();
  const newest = useBlock()?.height;
  const first = useRef<number>(undefined);
  first.current ??= newest;
  const start = first.current;
  const pace = useQuery({
    queryKey: ["pace"],
    queryFn:
      bulwark !== undefined && start !== undefined
        ? () => secondsPerBlock(bulwark, start)
        : skipToken,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const heights =
    pace.data === undefined || newest === undefined ? [] : heightsOf(newest, span, pace.data);
  const { found, isWaiting } = useQueries({
    combine: together,
    queries: heights.map((height) => ({
      queryKey: ["past", asset, height],
      queryFn: bulwark === undefined ? skipToken : () => momentAt(bulwark, asset, height),
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    })),
  });
  const isPending = bulwark === undefined || pace.isPending || isWaiting;
  return { moments: found, isPending, isCutOff: !isPending && found.length < heights.length };
}

/** Stays the same object until an answer changes, so that nothing is drawn anew with every block. */
function together(answers: readonly UseQueryResult<Moment | null>[]) {
  return {
    found: answers.flatMap(({ data }) => (data === undefined || data === null ? [] : [data])),
    isWaiting: answers.some((one) => one.isPending),
  };
}

/** Heights through the last `span` seconds at multiples of their distance, oldest first. */
export function heightsOf(newest: number, span: number, secondsPerBlock: number): number[] {
  const step = Math.max(1, Math.round(span / secondsPerBlock / moments));
  const last = Math.floor(newest / step);
  return Array.from({ length: moments + 1 }, (_, index) => (last - moments + index) * step).filter(
    (height) => height >= 1,
  );
}

async function secondsPerBlock(bulwark: Bulwark, height: number): Promise<number> {
  const [now, then] = await Promise.all([
    bulwark.at(height),
    bulwark.at(Math.max(1, height - sampled)),
  ]);
  if (now === undefined || then === undefined || now.height === then.height) return 6;
  return Math.max(0.1, (now.time - then.time) / (now.height - then.height));
}

/** Nothing where the node no longer knows, or the market was not there yet. */
async function momentAt(bulwark: Bulwark, asset: string, height: number): Promise<Moment | null> {
  const past = await bulwark.at(height);
  if (past === undefined) return null;
  const [market, price] = await Promise.all([
    past.vault.market({ asset }),
    past.oracle.price({ asset }).catch(() => undefined),
  ]);
  return { time: past.time, market, price };
}
