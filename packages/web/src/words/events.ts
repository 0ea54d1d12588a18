import type { BulwarkEvent } from "@bulwark/client";
import { formatDecimal } from "@bulwark/client";
import type { AssetBook } from "./assets";
import { percentText, priceText, shortAddress, timeText, usdText } from "./format";

/** What a contract said, in a word and a sentence. */
export interface EventText {
  readonly title: string;
  readonly detail: string;
}

/** An event in plain words. */
export function eventText(event: BulwarkEvent, assets: AssetBook): EventText {
  switch (event.type) {
    case "deposit": {
      const repaid =
        event.repaid > 0n
          ? `, of which ${assets.amount(event.asset, event.repaid)} repaid a debt`
          : "";
      return {
        title: event.shares > 0n ? "Deposited and lent" : "Deposited",
        detail: `${assets.amount(event.asset, event.amount)}${repaid}`,
      };
    }
    case "withdraw":
      return { title: "Withdrawn", detail: assets.amount(event.asset, event.amount) };
    case "lend":
      return { title: "Lent to the pool", detail: assets.amount(event.asset, event.amount) };
    case "recall":
      return { title: "Recalled from the pool", detail: assets.amount(event.asset, event.amount) };
    case "borrow":
      return { title: "Borrowed", detail: assets.amount(event.asset, event.amount) };
    case "repay":
      return { title: "Repaid", detail: assets.amount(event.asset, event.amount) };
    case "transfer":
      return {
        title: "Transferred",
        detail: `${assets.amount(event.asset, event.amount)} from account ${event.id} of ${shortAddress(event.owner)} to account ${event.toId} of ${shortAddress(event.toOwner)}`,
      };
    case "liquidation":
      return {
        title: "Liquidated",
        detail: `${assets.amount(event.debtAsset, event.repaid)} repaid, ${assets.amount(event.depositAsset, event.seized)} seized by ${shortAddress(event.keeper)}; bonus ${usdText(formatDecimal(event.bonusValue))} (${percentText(formatDecimal(event.bonus), 2)})`,
      };
    case "payout":
      return {
        title: "Keeper paid",
        detail: `${assets.amount(event.asset, event.amount)} to ${shortAddress(event.keeper)}`,
      };
    case "bad_debt":
      return {
        title: "Bad debt written off",
        detail: `${assets.amount(event.asset, event.writtenOff)}: ${assets.amount(event.asset, event.fromReserve)} by the reserve, ${assets.amount(event.asset, event.fromSuppliers)} by suppliers`,
      };
    case "dust":
      return { title: "Dust collected", detail: assets.amount(event.asset, event.idle) };
    case "skip":
      return {
        title: "Liquidation passed over",
        detail: `Account ${event.id} of ${shortAddress(event.owner)}: ${event.reason}`,
      };
    case "operator":
      return {
        title: event.action === "granted" ? "Operator named" : "Operator removed",
        detail: shortAddress(event.operator),
      };
    case "call":
      return { title: "Outside call", detail: shortAddress(event.contract) };
    case "accrual":
      return { title: "Interest", detail: assets.amount(event.asset, event.interest) };
    case "reserve":
      return { title: "Reserve collected", detail: assets.amount(event.asset, event.amount) };
    case "market":
      return { title: `Market ${event.action}`, detail: assets.symbol(event.asset) };
    case "change":
      return {
        title: `Change ${event.action}`,
        detail: event.change === 0 ? "in force at once" : `number ${event.change}`,
      };
    case "ownership":
      return {
        title: `Ownership ${event.action}`,
        detail: event.owner === "" ? "nobody" : shortAddress(event.owner),
      };
    case "pause":
      return {
        title: event.until === 0 ? "Pause lifted" : "Paused",
        detail: `${event.actions} of ${event.asset === "" ? "all assets" : assets.symbol(event.asset)}${event.until === 0 ? "" : ` until ${timeText(event.until)}`}`,
      };
    case "price":
      return {
        title: `Price of ${assets.symbol(event.asset)}`,
        detail: priceText(formatDecimal(event.mid)),
      };
    case "source":
      return {
        title: `Source of ${assets.symbol(event.asset)} asked`,
        detail: event.outcome,
      };
    case "halt":
      return {
        title: event.until === 0 ? "Feed resumed" : "Feed halted",
        detail: assets.symbol(event.asset),
      };
  }
}
