import type { FeedResponse, PriceResponse } from "@bulwark/client/types/BulwarkOracle.types";
import type {
  MarketResponse,
  PausableAction,
  PauseResponse,
  Solvency,
} from "@bulwark/client/types/BulwarkVault.types";
import type { Live } from "../../data/connection";
import type { Tone } from "../../parts/Badge";
import type { AssetBook } from "../../words/assets";
import { countText, spanText, timeText } from "../../words/format";

/** Something that is not as usual. */
export interface Finding {
  /** `danger`: money could be missing or stuck; `caution`: something is closed or unsure. */
  readonly tone: Exclude<Tone, "healthy">;
  readonly text: string;
}

/** What the page knows when it judges. What it does not know is no finding. */
export interface Known {
  readonly live: Live;
  /** Seconds since the newest block. */
  readonly blockAge: number | undefined;
  /** The chain's time in seconds. */
  readonly now: number | undefined;
  readonly locked: boolean | undefined;
  readonly pauses: readonly PauseResponse[];
  readonly markets: readonly MarketResponse[];
  readonly feeds: readonly FeedResponse[];
  readonly prices: ReadonlyMap<string, PriceResponse> | undefined;
  readonly solvency: readonly Solvency[];
  /** Changes that wait, of both contracts. */
  readonly changes: number;
}

/** A chain that makes no block for so many seconds has a problem, or its node has. */
const oldBlock = 60;

const actions: Record<PausableAction, string> = {
  deposit: "deposits",
  borrow: "borrowing",
  withdraw: "withdrawals",
};

/** Everything that is not as usual, the gravest first. */
export function findings(known: Known, assets: AssetBook): Finding[] {
  const found = [
    ...ofMoney(known, assets),
    ...assets.contradictions().map((text): Finding => ({ tone: "danger", text })),
    ...ofFeeds(known, assets),
    ...ofChain(known),
    ...ofPauses(known, assets),
    ...ofChanges(known),
  ];
  const rank = { danger: 0, caution: 1, neutral: 2 };
  return found.toSorted((one, other) => rank[one.tone] - rank[other.tone]);
}

/** How things are on the whole: the worst of the findings. */
export function verdict(found: readonly Finding[]): { tone: Tone; title: string } {
  const worst = found[0]?.tone;
  switch (worst) {
    case "danger":
      return { tone: "danger", title: "Something is wrong" };
    case "caution":
      return { tone: "caution", title: "Something needs attention" };
    default:
      return { tone: "healthy", title: "Everything is all right" };
  }
}

/** Whether the vault holds what it owes, in a sentence. */
export function solvencyWords(solvency: readonly Solvency[], assets: AssetBook): Finding | string {
  const missing = solvency.filter((one) => BigInt(one.missing) > 0n);
  if (missing.length === 0) return "The vault holds everything that it owes.";
  const what = missing.map((one) => assets.amount(one.asset, one.missing)).join(", ");
  return { tone: "danger", text: `The vault holds less than it owes: ${what} missing.` };
}

function ofMoney({ solvency, markets, locked }: Known, assets: AssetBook): Finding[] {
  const words = solvencyWords(solvency, assets);
  const wiped = markets.filter((market) => market.wiped_out);
  return [
    ...(typeof words === "string" ? [] : [words]),
    ...wiped.map(
      ({ asset }): Finding => ({
        tone: "danger",
        text: `Bad debt has wiped out the suppliers of ${assets.symbol(asset)}.`,
      }),
    ),
    ...(locked === true
      ? [{ tone: "caution", text: "The vault is locked: a call is running in it." } as const]
      : []),
  ];
}

function ofFeeds({ feeds, prices, now }: Known, assets: AssetBook): Finding[] {
  if (prices === undefined) return [];
  return feeds.flatMap((feed): Finding[] => {
    const { asset } = feed;
    const symbol = assets.symbol(asset);
    const price = prices.get(asset);
    // Of feeds without a market nothing is asked.
    if (price === undefined) return [];
    const { status, expires_at } = price.record;
    if (status === "halted") {
      const until = feed.halted_until;
      const end = until === null || until === undefined ? "" : ` until ${timeText(until)}`;
      return [{ tone: "caution", text: `The guardian halted the price of ${symbol}${end}.` }];
    }
    if (price.stale || (now !== undefined && expires_at < now)) {
      const since = timeText(expires_at);
      return [{ tone: "danger", text: `The price of ${symbol} is out of date since ${since}.` }];
    }
    if (status === "pending") {
      return [{ tone: "caution", text: `The price of ${symbol} jumped; that is to be confirmed.` }];
    }
    if (status === "wide") {
      return [{ tone: "caution", text: `The sources of ${symbol}'s price lie too far apart.` }];
    }
    return [];
  });
}

function ofChain({ live, blockAge }: Known): Finding[] {
  if (live === "offline") {
    return [{ tone: "danger", text: "The node does not answer: what is shown may be outdated." }];
  }
  if (blockAge !== undefined && blockAge > oldBlock) {
    return [{ tone: "danger", text: `There has been no block for ${spanText(blockAge)}.` }];
  }
  return [];
}

function ofPauses({ pauses, markets }: Known, assets: AssetBook): Finding[] {
  const general = pauses.map(
    ({ action, until }): Finding => ({
      tone: "caution",
      text: `The guardian paused ${actions[action]} of all assets, until ${timeText(until)} at the latest.`,
    }),
  );
  const own = markets.flatMap(({ asset, pauses: ofMarket }) =>
    ofMarket
      // The market's answer has those of all assets as well.
      .filter(({ action }) => !pauses.some((one) => one.action === action))
      .map(
        ({ action, until }): Finding => ({
          tone: "caution",
          text: `The guardian paused ${actions[action]} of ${assets.symbol(asset)}, until ${timeText(until)} at the latest.`,
        }),
      ),
  );
  return [...general, ...own];
}

function ofChanges({ changes }: Known): Finding[] {
  if (changes === 0) return [];
  return [
    {
      tone: "neutral",
      text: `${countText(changes)} announced ${changes === 1 ? "change waits" : "changes wait"} for ${changes === 1 ? "its" : "their"} time.`,
    },
  ];
}
