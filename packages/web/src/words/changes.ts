import type { Change as OracleChange, Source } from "@bulwark/client/types/BulwarkOracle.types";
import type { MarketUpdate, Change as VaultChange } from "@bulwark/client/types/BulwarkVault.types";
import type { AssetBook } from "./assets";
import { percentText, shortAddress, spanText } from "./format";

/** A change that waits for its time, in words. */
export interface ChangeWords {
  /** What it is. */
  readonly title: string;
  /** What would be different, one thing each. */
  readonly items: readonly string[];
  /** The asset that it is about; nothing if it is about everything. */
  readonly asset: string | undefined;
}

const multiple = (factor: string) => `${Number(factor).toFixed(2)} ×`;
const onOff = (on: boolean) => (on ? "switched on" : "switched off");

/** A change of the vault. */
export function vaultChangeWords(change: VaultChange, assets: AssetBook): ChangeWords {
  if ("list_market" in change) {
    const { asset, family } = change.list_market;
    const member =
      "member" in family ? `, in the family of ${assets.symbol(family.member.of)}` : "";
    return {
      title: `List ${assets.symbol(asset)} as a market`,
      items: [`Its haircut, caps and rates are set with it${member}.`],
      asset,
    };
  }
  if ("update_market" in change) {
    const { asset, update } = change.update_market;
    return {
      title: `Change the market of ${assets.symbol(asset)}`,
      items: marketItems(asset, update, assets),
      asset,
    };
  }
  const update = change.update_params;
  const items: string[] = [];
  const { margin, liquidation, oracle, guardian, caller } = update;
  if (margin) {
    items.push(
      `Opening positions needs ${multiple(margin.initial_factor)} the maintenance margin, and at least ${percentText(margin.gross_factor)} of half of everything held and owed.`,
    );
  }
  if (liquidation) {
    items.push(
      `Liquidators earn from ${percentText(liquidation.base_bonus)} to ${percentText(liquidation.max_bonus)}; accounts are brought to a margin ratio of ${Number(liquidation.target_ratio).toFixed(2)}.`,
    );
  }
  if (oracle) {
    items.push(`Prices come from the contract ${shortAddress(oracle.address)}.`);
  }
  if (guardian) items.push(`The guardian is ${shortAddress(guardian)}.`);
  if (caller) items.push(`Calls to other contracts go through ${shortAddress(caller)}.`);
  if (given(update.max_holdings)) {
    items.push(`An account holds at most ${update.max_holdings} assets.`);
  }
  if (given(update.owner_delay)) {
    items.push(`The owner's changes wait ${spanText(update.owner_delay)}.`);
  }
  if (given(update.ramp_time)) {
    items.push(`Parameters move over ${spanText(update.ramp_time)}.`);
  }
  if (given(update.outflow_window)) {
    items.push(`Net outflow is counted over ${spanText(update.outflow_window)}.`);
  }
  return { title: "Change the vault's parameters", items, asset: undefined };
}

function marketItems(asset: string, update: MarketUpdate, assets: AssetBook): string[] {
  const items: string[] = [];
  const { haircut, risk, interest, limits } = update;
  if (given(update.deposit_enabled)) items.push(`Deposits are ${onOff(update.deposit_enabled)}.`);
  if (given(update.borrow_enabled)) items.push(`Borrowing is ${onOff(update.borrow_enabled)}.`);
  if (haircut) {
    items.push(
      `The haircut moves to between ${percentText(haircut.floor)} and ${percentText(haircut.cap)}, at ${multiple(haircut.volatility_multiple)} the volatility.`,
    );
  }
  if (risk) {
    items.push(
      `The extra haircut moves to ${percentText(risk.extra_haircut)}, the charge for large positions to at most ${percentText(risk.size_cap)}, against ${assets.amount(asset, risk.liquidity)} of liquidity.`,
    );
  }
  if (interest) {
    const { base, slope, steep_slope, optimal } = interest.kinked;
    items.push(
      `The borrow rate is ${percentText(base)} idle, rises by ${percentText(slope)} up to ${percentText(optimal)} utilisation and by another ${percentText(steep_slope)} beyond.`,
    );
  }
  if (limits) {
    items.push(
      `Deposits are limited to ${assets.amount(asset, limits.deposit_cap)}, borrowing to ${assets.amount(asset, limits.borrow_cap)} and ${percentText(limits.max_utilisation)} utilisation; net outflow to ${percentText(limits.outflow_share)} of the pool.`,
    );
  }
  if (given(update.reserve_factor)) {
    items.push(`The reserve gets ${percentText(update.reserve_factor)} of the interest.`);
  }
  return items;
}

/** A change of the oracle. */
export function oracleChangeWords(change: OracleChange, assets: AssetBook): ChangeWords {
  if ("set_feed" in change) {
    const { asset, feed } = change.set_feed;
    return {
      title: `Set the price feed of ${assets.symbol(asset)}`,
      items: [
        `Sources: ${feed.sources.map((source) => sourceWords(source, assets)).join(", ")}.`,
        `A price is good for ${spanText(feed.max_age)}; a jump beyond ${percentText(feed.max_jump)} waits ${spanText(feed.jump_wait)} to be confirmed.`,
      ],
      asset,
    };
  }
  if ("update_feeders" in change) {
    const { feeders, quorum } = change.update_feeders;
    return {
      title: "Change who posts prices",
      items: [
        `${quorum} of ${feeders.length} have to agree: ${feeders.map(shortAddress).join(", ")}.`,
      ],
      asset: undefined,
    };
  }
  const { guardian, owner_delay } = change.update_config;
  const items: string[] = [];
  if (guardian) items.push(`The guardian is ${shortAddress(guardian)}.`);
  if (given(owner_delay)) items.push(`The owner's changes wait ${spanText(owner_delay)}.`);
  return { title: "Change the oracle's configuration", items, asset: undefined };
}

/** Where a price comes from. */
export function sourceWords(source: Source, assets: AssetBook): string {
  if ("posted" in source) return "posted by feeders";
  if ("fixed" in source) return `fixed at ${source.fixed.price} USD`;
  if ("pyth" in source) return "Pyth";
  return `redemption rate into ${assets.symbol(source.redemption_rate.base)}`;
}

function given<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
