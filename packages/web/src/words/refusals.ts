import type { BulwarkError, ErrorFields, ErrorName } from "@bulwark/client";
import type { AssetBook } from "./assets";
import { percentText, priceText, shortAddress, timeText, usdText } from "./format";

/** Why something is refused, and what to do about it. */
export interface Refusal {
  /** What is the matter, as a sentence. */
  readonly reason: string;
  /** What to do next, as a sentence. */
  readonly next: string;
}

type Words = {
  readonly [Name in ErrorName]: (fields: ErrorFields[Name], assets: AssetBook) => Refusal;
};

const again = "Try again in a few blocks.";
const defect = "This should not happen on this page: please report it.";
const prices: Record<ErrorFields["price_not_openable"]["status"], string> = {
  ok: "in force",
  pending: "waiting for a jump to be confirmed",
  wide: "too uncertain",
  halted: "halted by the guardian",
};
const pausable: Record<ErrorFields["paused"]["action"], string> = {
  deposit: "Deposits",
  borrow: "Borrowing",
  withdraw: "Withdrawals",
};

const words: Words = {
  // Margin.
  below_initial_margin: ({ equity_open, initial }) => ({
    reason: `This would leave the account with ${usdText(equity_open)} of equity at opening prices, and it needs ${usdText(initial)} as initial margin.`,
    next: "Choose a smaller amount, deposit more, or repay a debt first.",
  }),
  price_not_openable: ({ asset, status, stale }, assets) => ({
    reason: `The price of ${assets.symbol(asset)} is ${stale ? "out of date" : prices[status]}, and nothing that adds risk is allowed at such a price.`,
    next: "Depositing and repaying still work. Wait until the price is in force again.",
  }),
  no_price: ({ asset }, assets) => ({
    reason: `There is no price of ${assets.symbol(asset)} yet.`,
    next: "Wait until its feed has had a first price.",
  }),

  // What an account has.
  zero_amount: ({ asset }, assets) => ({
    reason: `The amount of ${assets.symbol(asset)} is zero.`,
    next: "Enter an amount above zero.",
  }),
  zero_shares: ({ asset, amount }, assets) => ({
    reason: `${assets.amount(asset, amount, { exact: true })} is too small to be counted by the pool.`,
    next: "Enter a larger amount.",
  }),
  no_deposit: ({ asset }, assets) => ({
    reason: `The account has no deposit of ${assets.symbol(asset)}.`,
    next: "Choose an asset that it holds.",
  }),
  no_debt: ({ asset }, assets) => ({
    reason: `The account does not owe ${assets.symbol(asset)}.`,
    next: "There is nothing to repay.",
  }),
  insufficient_deposit: ({ asset, available, requested }, assets) => ({
    reason: `The account has ${assets.amount(asset, available)}, not ${assets.amount(asset, requested)}.`,
    next: `Enter at most ${assets.amount(asset, available)}.`,
  }),
  insufficient_hand: ({ asset, available, requested }, assets) => ({
    reason: `A step takes ${assets.amount(asset, requested)}, and the steps before it leave ${assets.amount(asset, available)}.`,
    next: "Make that step smaller, or an earlier one larger.",
  }),
  borrow_of_deposit: ({ asset }, assets) => ({
    reason: `The account has deposited ${assets.symbol(asset)}, so it cannot borrow it as well.`,
    next: `Withdraw ${assets.symbol(asset)} instead, or use another sub-account.`,
  }),
  too_many_holdings: ({ limit }) => ({
    reason: `The account has ${limit} assets already, which is the most.`,
    next: "Close one of them first, or use another sub-account.",
  }),
  foreign_asset: ({ asset, owner, id }, assets) => ({
    reason: `Account ${id} of ${shortAddress(owner)} neither holds nor owes ${assets.symbol(asset)}, and only its owner can add a new asset to it.`,
    next: "Choose an asset that it has, or ask its owner.",
  }),
  not_account_owner: ({ owner, id }) => ({
    reason: `Account ${id} of ${shortAddress(owner)} is not yours, and you are not its operator.`,
    next: "Choose one of your own accounts.",
  }),
  same_account: ({ id }) => ({
    reason: `Both accounts are number ${id} of the same owner.`,
    next: "Choose another account to transfer to.",
  }),
  invalid_recipient: ({ recipient }) => ({
    reason: `Tokens sent to ${shortAddress(recipient)} would belong to nobody.`,
    next: "Choose another recipient.",
  }),

  // Pools and their limits.
  unknown_market: ({ asset }, assets) => ({
    reason: `Bulwark has no market for ${assets.symbol(asset)}.`,
    next: "Choose one of the listed assets.",
  }),
  insufficient_cash: ({ asset, available, requested }, assets) => ({
    // Whether the rest is lent out or was never there, the refusal does not say.
    reason: `The pool has ${assets.amount(asset, available)}; ${assets.amount(asset, requested)} were asked for.`,
    // How much less, the form says: the margin may allow still less than the pool.
    next: "Take less. What others lend to the pool or repay comes on top.",
  }),
  outflow_limit: ({ asset, limit }, assets) => ({
    reason: `Much ${assets.symbol(asset)} has left its pool lately; ${assets.amount(asset, limit)} may leave in one span.`,
    next: "Take less, or wait: room comes back hour by hour. Idle deposits are not affected.",
  }),
  utilisation_limit: ({ asset, limit, utilisation }, assets) => ({
    reason: `This would use ${percentText(utilisation)} of the ${assets.symbol(asset)} pool, and new borrows may use ${percentText(limit)}.`,
    next: "Borrow less, or another asset.",
  }),
  counterparty_limit: ({ asset, limit, debt }, assets) => ({
    reason: `The account would owe ${assets.amount(asset, debt)}, and one account may owe ${assets.amount(asset, limit)} of this pool.`,
    next: "Borrow less.",
  }),
  deposit_cap: ({ asset, cap, total }, assets) => ({
    reason: `The market takes ${assets.amount(asset, cap)} in all, and this would make it ${assets.amount(asset, total)}.`,
    next: "Deposit less, or another asset.",
  }),
  borrow_cap: ({ asset, cap, total }, assets) => ({
    reason: `The market lends ${assets.amount(asset, cap)} in all, and this would make it ${assets.amount(asset, total)}.`,
    next: "Borrow less, or another asset.",
  }),
  deposit_disabled: ({ asset }, assets) => ({
    reason: `${assets.symbol(asset)} cannot be deposited.`,
    next: "Choose another asset.",
  }),
  borrow_disabled: ({ asset }, assets) => ({
    reason: `${assets.symbol(asset)} cannot be borrowed.`,
    next: "Choose another asset.",
  }),
  wiped_out: ({ asset }, assets) => ({
    reason: `Bad debt has wiped out the ${assets.symbol(asset)} pool: it takes no new deposits.`,
    next: "Choose another asset.",
  }),
  paused: ({ action, asset, until }, assets) => ({
    reason: `${pausable[action]} of ${assets.symbol(asset)} are paused by the guardian.`,
    next: `The pause ends by itself on ${timeText(until)}, if not earlier.`,
  }),
  locked: () => ({
    reason: "Another transaction is in the middle of an outside call.",
    next: again,
  }),

  // Liquidation.
  not_liquidatable: ({ equity, maintenance }) => ({
    reason: `The account has ${usdText(equity)} of equity and needs ${usdText(maintenance)} as maintenance margin: it is covered.`,
    next: "Somebody may have been faster, or prices have moved. Nothing was paid.",
  }),
  pair_unpriced: ({ debt, seize }, assets) => ({
    reason: `${assets.symbol(debt)} or ${assets.symbol(seize)} has no price in force.`,
    next: "Choose another pair of debt and deposit.",
  }),
  ratio_not_raised: ({ debt, seize }, assets) => ({
    reason: `Repaying ${assets.symbol(debt)} for ${assets.symbol(seize)} would not raise the account's margin ratio.`,
    next: "Choose another pair of debt and deposit.",
  }),
  nothing_seized: ({ seize }, assets) => ({
    reason: `The repayment buys less than one smallest unit of ${assets.symbol(seize)}.`,
    next: "Repay more.",
  }),
  too_little_seized: ({ min_seized, seized }) => ({
    reason: `The liquidation would bring ${seized} smallest units, and you asked for at least ${min_seized}.`,
    next: "Prices have moved: look at the new plan.",
  }),
  not_write_off: ({ deposits, dust_value }) => ({
    reason: `The account still has deposits of ${usdText(deposits)}; below ${usdText(dust_value)} it can be written off.`,
    next: "Liquidate it instead.",
  }),
  not_repaid: ({ asset, owed, repaid }, assets) => ({
    reason: `The callback repaid ${assets.amount(asset, repaid)} of ${assets.amount(asset, owed)}.`,
    next: "Nothing has happened. Choose a route that brings enough.",
  }),
  too_little_profit: ({ asset, brought, owed }, assets) => ({
    reason: `The swaps would bring ${assets.amount(asset, brought)} for a debt of ${assets.amount(asset, owed)}.`,
    next: "Liquidate with tokens of your own, or wait for a better price.",
  }),
  nothing_to_swap: ({ asset }, assets) => ({
    reason: `There would be no ${assets.symbol(asset)} to swap: the pool pays in shares.`,
    next: "Liquidate with tokens of your own, and receive into your account.",
  }),
  route_length: ({ steps, limit }) => ({
    reason: `The route has ${steps} swaps; it has to have 1 to ${limit}.`,
    next: "Choose another route.",
  }),
  route_end: ({ asset, owed }, assets) => ({
    reason: `The route ends in ${assets.symbol(asset)}, and the debt is in ${assets.symbol(owed)}.`,
    next: "Choose a route that ends in what is owed.",
  }),

  // Batches and outside calls.
  call_not_simulated: () => ({
    reason: "What an outside call does is known only when it is done.",
    next: "The preview counts on what the exchange quotes instead.",
  }),
  balance_fell: ({ asset }, assets) => ({
    reason: `The outside call would have taken ${assets.symbol(asset)} from the vault.`,
    next: "Nothing has happened. Do not use that contract.",
  }),
  list_length: ({ length, limit }) => ({
    reason: `There are ${length} entries; there have to be 1 to ${limit}.`,
    next: "Split it into several transactions.",
  }),
  duplicate_entry: ({ entry }) => ({
    reason: `${entry} stands there twice.`,
    next: "Name it once.",
  }),
  wrong_funds: ({ expected, sent }) => ({
    reason: `The message takes ${expected}; sent with it were ${sent.length === 0 ? "no coins" : sent.join(", ")}.`,
    next: defect,
  }),
  funds_sent: ({ funds }) => ({
    reason: `The message takes no coins; sent with it were ${funds.join(", ")}.`,
    next: defect,
  }),
  token_short: ({ asset }, assets) => ({
    reason: `The token contract of ${assets.symbol(asset)} says that it sent more than arrived.`,
    next: "Nothing has happened. Do not use that token.",
  }),
  malformed_hook: ({ detail }) => ({
    reason: `The message inside the token's own is not understood: ${detail}.`,
    next: defect,
  }),
  debt_without_callback: () => ({
    reason: "A debt and a callback have to be named together.",
    next: defect,
  }),
  calls_itself: ({ contract }) => ({
    reason: `${shortAddress(contract)} cannot call itself.`,
    next: "Choose another contract.",
  }),
  too_many_returns: ({ count, limit }) => ({
    reason: `${count} assets would come back; at most ${limit} can.`,
    next: "Name fewer.",
  }),
  duplicate_return: ({ asset }, assets) => ({
    reason: `${assets.symbol(asset)} is named twice among what comes back.`,
    next: "Name it once.",
  }),
  runs_already: () => ({ reason: "Another outside call has not ended yet.", next: again }),

  // Operators and roles.
  invalid_operator: ({ operator }) => ({
    reason: `${shortAddress(operator)} cannot be an operator.`,
    next: "Choose an address that is neither yours nor the vault's.",
  }),
  unknown_operator: ({ operator }) => ({
    reason: `${shortAddress(operator)} is not an operator of this account.`,
    next: "There is nothing to take away.",
  }),
  too_many_operators: ({ limit }) => ({
    reason: `You have named ${limit} operators already, which is the most.`,
    next: "Take the right away from one of them first.",
  }),
  expiry_passed: ({ expires }) => ({
    reason: `${timeText(expires)} has passed already.`,
    next: "Choose a later time.",
  }),
  unauthorized: ({ role }) => ({
    reason: `Only the ${role} may do this.`,
    next: "Sign with the key that has this role.",
  }),
  no_pending_owner: () => ({
    reason: "Nobody has been proposed as owner.",
    next: "The present owner has to propose somebody first.",
  }),
  unknown_change: ({ change }) => ({
    reason: `No change number ${change} is waiting.`,
    next: "It may have been applied or cancelled.",
  }),
  change_not_ready: ({ ready_at }) => ({
    reason: `The change can be applied from ${timeText(ready_at)}.`,
    next: "Wait until then.",
  }),
  change_expired: ({ expires_at }) => ({
    reason: `The change could be applied until ${timeText(expires_at)}.`,
    next: "It has to be proposed again.",
  }),
  cooling_down: ({ until }) => ({
    reason: "This was stopped not long ago.",
    next: `It can be stopped again from ${timeText(until)}.`,
  }),
  only_vault: () => ({ reason: "Only the vault may send this message.", next: defect }),
  only_itself: () => ({ reason: "Only the contract itself may send this.", next: defect }),

  // The oracle.
  unknown_feed: ({ asset }, assets) => ({
    reason: `The oracle has no feed of ${assets.symbol(asset)}.`,
    next: "Choose another asset.",
  }),
  stale_post: ({ asset }, assets) => ({
    reason: `The observation of ${assets.symbol(asset)} is too old.`,
    next: "Post a newer one.",
  }),
  future_post: ({ asset }, assets) => ({
    reason: `The observation of ${assets.symbol(asset)} lies in the future.`,
    next: "Check the clock of whoever posts.",
  }),
  not_newer: ({ asset }, assets) => ({
    reason: `A newer observation of ${assets.symbol(asset)} has been posted already.`,
    next: "Post a newer one.",
  }),
  price_out_of_range: ({ asset, price }, assets) => ({
    reason: `${priceText(price)} is no price of ${assets.symbol(asset)}.`,
    next: "Check the source.",
  }),
  confidence_out_of_range: ({ asset }, assets) => ({
    reason: `The uncertainty of ${assets.symbol(asset)} is larger than its price.`,
    next: "Check the source.",
  }),
  not_posted: ({ asset }, assets) => ({
    reason: `Prices of ${assets.symbol(asset)} are not posted by feeders.`,
    next: "Refresh its feed instead.",
  }),
  not_refreshed: ({ asset }, assets) => ({
    reason: `No source of ${assets.symbol(asset)} is asked for its prices.`,
    next: "Its feeders post them.",
  }),
  nothing_posted: () => ({ reason: "The message has no prices.", next: "Name at least one." }),
  nothing_refreshed: () => ({ reason: "The message names no asset.", next: "Name at least one." }),
  too_many_assets: ({ count, limit }) => ({
    reason: `${count} assets are named; at most ${limit} can be.`,
    next: "Ask in several parts.",
  }),
  duplicate_asset: ({ asset }, assets) => ({
    reason: `${assets.symbol(asset)} is named twice.`,
    next: "Name it once.",
  }),
  invalid_asset: ({ asset }) => ({
    reason: `“${asset}” cannot be the name of an asset.`,
    next: "Use 1 to 128 characters.",
  }),
  invalid_feed: ({ field, value, bound }) => ({
    reason: `The feed's ${field} = ${value} is refused.`,
    next: `It has to satisfy: ${bound}.`,
  }),
  source_kind_changed: ({ asset }, assets) => ({
    reason: `The feed of ${assets.symbol(asset)} has to stay of its kind.`,
    next: "List another asset.",
  }),
  boards_full: ({ feeds }) => ({
    reason: `The oracle has ${feeds} feeds, which is the most.`,
    next: "Deploy another oracle.",
  }),
  duplicate_feeder: ({ feeder }) => ({
    reason: `${shortAddress(feeder)} is named twice among the feeders.`,
    next: "A feeder has one voice.",
  }),
  not_halted: ({ asset }, assets) => ({
    reason: `The feed of ${assets.symbol(asset)} is not halted.`,
    next: "There is nothing to resume.",
  }),

  // Configuration, migration, arithmetic.
  market_exists: ({ asset }, assets) => ({
    reason: `${assets.symbol(asset)} has a market already.`,
    next: "Update it instead.",
  }),
  invalid_config: ({ field, value, bound }) => ({
    reason: `${field} = ${value} is refused.`,
    next: `It has to satisfy: ${bound}.`,
  }),
  config: ({ field, value, bound }) => ({
    reason: `${field} = ${value} is refused.`,
    next: `It has to satisfy: ${bound}.`,
  }),
  wrong_contract: ({ expected, found }) => ({
    reason: `The state belongs to ${found}, not to ${expected}.`,
    next: "Migrate the right contract.",
  }),
  newer_state: ({ code, state }) => ({
    reason: `The state was written by version ${state}; this code is ${code}.`,
    next: "Use newer code.",
  }),
  no_migration_path: ({ code, state }) => ({
    reason: `Version ${code} does not know how to take over from ${state}.`,
    next: "Migrate to a version between them first.",
  }),
  unreadable_version: ({ version }) => ({
    reason: `“${version}” is no version.`,
    next: "A version has the form major.minor.patch.",
  }),
  unknown_reply: () => ({ reason: "Nobody waits for this reply.", next: defect }),
  amount_too_large: ({ amount }) => ({
    reason: `${amount} smallest units is more than the contracts reckon with.`,
    next: "Enter a smaller amount.",
  }),
  value_too_large: ({ usd }) => ({
    reason: `A value of ${usdText(usd, { compact: true })} is more than the contracts reckon with.`,
    next: "Enter a smaller amount.",
  }),
  overflow: ({ operation }) => ({
    reason: `The numbers are too large: ${operation}.`,
    next: "Enter a smaller amount.",
  }),
  division_by_zero: ({ operation }) => ({
    reason: `The arithmetic divides by zero: ${operation}.`,
    next: defect,
  }),
  std: ({ detail }) => ({
    reason: `The chain refuses this: ${detail}`,
    next: "Check addresses and balances.",
  }),
};

/** A contract's refusal in plain words. */
export function refusalOf(error: BulwarkError, assets: AssetBook): Refusal {
  return worded(error.name, error, assets);
}

function worded<Name extends ErrorName>(
  name: Name,
  error: BulwarkError,
  assets: AssetBook,
): Refusal {
  if (error.is(name)) return words[name](error.fields, assets);
  return { reason: error.sentence, next: "" };
}
