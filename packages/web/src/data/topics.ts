import type { BulwarkEvent } from "@bulwark/client";

/** What a query asks about; the first part of its key. */
export type Topic =
  | "config"
  | "markets"
  | "prices"
  | "feeds"
  | "changes"
  | "contracts"
  | "accounts"
  | "margin"
  | "limits"
  | "simulation"
  | "estimate"
  | "at-risk"
  | "plans"
  | "offers"
  | "solvency"
  | "balances"
  | "history";

const positions: readonly Topic[] = [
  "accounts",
  "margin",
  "limits",
  "simulation",
  "estimate",
  "at-risk",
  "plans",
];
const money: readonly Topic[] = [...positions, "markets", "solvency", "balances", "history"];
const settings: readonly Topic[] = [...positions, "markets", "config", "changes", "contracts"];
const quotes: readonly Topic[] = [...positions, "prices", "feeds", "markets"];

/** What has to be asked again once a contract said that something happened. */
const touched: Record<BulwarkEvent["type"], readonly Topic[]> = {
  deposit: money,
  withdraw: money,
  lend: money,
  recall: money,
  borrow: money,
  repay: money,
  transfer: money,
  liquidation: [...money, "offers"],
  payout: ["balances", "history"],
  bad_debt: money,
  dust: money,
  skip: ["history"],
  operator: ["accounts", "history"],
  call: money,
  accrual: ["markets", "margin", "solvency"],
  reserve: ["markets", "solvency", "balances"],
  market: settings,
  change: settings,
  ownership: ["config", "changes", "contracts"],
  pause: [...settings, "limits"],
  price: quotes,
  source: ["feeds"],
  halt: quotes,
};

/** The topics that a block's events touch, each once. */
export function touchedBy(events: readonly BulwarkEvent[]): Set<Topic> {
  return new Set(events.flatMap((event) => touched[event.type]));
}
