// What the page shows of an account, and what it has to show.
import type { AccountRef, Status } from "@bulwark/client/types/BulwarkVault.types";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { amountText, percentText, ratioText, usdText } from "../../../src/words/format.ts";
import { net } from "./network.ts";
import { card, figuresOf, plain, rowsOf, statusShown } from "./page.ts";
import { soon } from "./patience.ts";
import { marginOf } from "./people.ts";

/** A margin and the holdings that it is made of, in words. */
interface Told {
  readonly status: string;
  readonly figures: Readonly<Record<string, string>>;
  readonly holdings: readonly Readonly<Record<string, string>>[];
}

/** Words for a status. */
export const statusWords: Readonly<Record<Status, string>> = {
  healthy: "Healthy",
  margin_call: "Margin call",
  liquidatable: "Liquidatable",
  insolvent: "Insolvent",
};

/** Waits until every figure on the account's page is what the vault answers at that moment. */
export async function agreement(page: Page, account: AccountRef): Promise<void> {
  const compare = async () => {
    const told = await toldOf(account);
    const shown = await shownOf(page);
    return { shown, told, agree: JSON.stringify(shown) === JSON.stringify(told) };
  };
  // Between the two answers interest may carry a figure over to the next cent: not for ever.
  await expect.poll(compare, soon).toMatchObject({ agree: true });
}

async function shownOf(page: Page): Promise<Told> {
  const status = await statusShown(page);
  const figures = await figuresOf(card(page, "Margin"));
  const table = page.getByRole("table", { name: "What this account holds and owes" });
  const first = (text: string | undefined) => text?.split("\n")[0] ?? "";
  const holdings = (await rowsOf(table)).map((row) => ({
    asset: symbolOf(row.Asset ?? ""),
    amount: first(row.Amount),
    value: first(row.Value),
    haircut: first(row.Haircut),
    contribution: first(row["Margin contribution"]).replace(/, a hedge$/, ""),
  }));
  return { status, figures, holdings };
}

/** The line of a cell that is a symbol; above it stands its mark, below it what kind of holding. */
function symbolOf(cell: string): string {
  const symbols = net.network.assets.map(({ symbol }) => symbol);
  return cell.split("\n").findLast((line) => symbols.includes(line.trim())) ?? cell;
}

async function toldOf(account: AccountRef): Promise<Told> {
  const margin = await marginOf(account);
  const figures = {
    Equity: usdText(margin.equity),
    "Maintenance margin": usdText(margin.maintenance),
    "Initial margin": usdText(margin.initial),
    Deposits: usdText(margin.deposits),
    Debts: usdText(margin.debts),
    "Collateral ratio": ratioText(margin.collateral_ratio),
  };
  const holdings = margin.holdings.map((holding) => {
    const info = net.network.assets.find(({ asset }) => asset === holding.asset);
    const amount = `${amountText(holding.amount, info?.decimals ?? 0)} ${info?.symbol}`;
    return {
      asset: info?.symbol ?? "",
      amount: holding.side === "debt" ? `−${amount}` : amount,
      value: usdText(holding.value),
      haircut: plain(percentText(holding.haircut)),
      contribution: usdText(holding.contribution),
    };
  });
  return { status: statusWords[margin.status], figures, holdings };
}
