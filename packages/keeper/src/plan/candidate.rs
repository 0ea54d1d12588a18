//! What an account is good for: every pair of a debt and a deposit, tried out in the vault's own books.

use bulwark_risk::account::{Side, Tradable};
use bulwark_risk::units::{Amount, Price, Usd};
use bulwark_types::vault::{AssetAmount, Receive};
use bulwark_vault::ContractResult;
use bulwark_vault::books::{AccountKey, Books, Seizure, Settlement};
use bulwark_vault::state::{AccountRecord, Balance};

use super::action::{Expected, Planned, SkipReason};
use super::costs::Costs;
use super::inventory::{Inventory, Pair};

/// The best that can be done about an account.
pub struct Candidate<'a> {
    /// As it goes into a plan.
    pub planned: Planned,
    /// Whether a callback repays.
    pub by_callback: bool,
    /// Gas beside the transaction's own.
    pub gas: u64,
    /// The vault's books when it is done.
    pub books: Books<'a>,
}

/// One account under consideration.
pub struct Prospect<'a, 'b> {
    pub key: &'b AccountKey,
    pub record: &'b AccountRecord,
    /// What it lacks to its maintenance margin, USD.
    pub missing: Usd,
    pub books: &'b Books<'a>,
    pub inventory: &'b Inventory,
    pub costs: &'b Costs,
}

/// A pair of an account, and how it is repaid.
#[derive(Clone, Copy)]
struct Attempt<'b> {
    debt: u16,
    debt_asset: &'b str,
    seize: u16,
    seize_asset: &'b str,
    by_callback: bool,
}

/// A market of the account, by number and asset.
type Market = (u16, String);

impl<'a> Prospect<'a, '_> {
    /// The pair that adds most to a transaction's profit, with inventory or by callback.
    pub fn best(&self) -> ContractResult<Result<Candidate<'a>, SkipReason>> {
        let debts = self.markets(Side::Debt)?;
        let deposits = self.markets(Side::Deposit)?;
        let mut best: Option<Candidate<'a>> = None;
        let mut obstacle = SkipReason::NoFunds {
            debts: debts.iter().map(|(_, asset)| asset.clone()).collect(),
        };
        for (debt, debt_asset) in &debts {
            for (seize, seize_asset) in &deposits {
                for by_callback in [false, true] {
                    let attempt = Attempt {
                        debt: *debt,
                        debt_asset,
                        seize: *seize,
                        seize_asset,
                        by_callback,
                    };
                    match self.attempt(attempt)? {
                        Ok(candidate) => {
                            let better = best.as_ref().is_none_or(|known| {
                                candidate.planned.expected.profit > known.planned.expected.profit
                            });
                            if better {
                                best = Some(candidate);
                            }
                        }
                        Err(Some(reason)) => obstacle = reason,
                        Err(None) => {}
                    }
                }
            }
        }
        Ok(best.ok_or(obstacle))
    }

    fn markets(&self, side: Side) -> ContractResult<Vec<Market>> {
        let on_side = self.record.holdings.iter().filter(|position| {
            let owed = matches!(position.balance, Balance::Debt(_));
            owed == (side == Side::Debt)
        });
        on_side
            .map(|position| Ok((position.market, self.books.asset(position.market)?)))
            .collect()
    }

    /// Tries one pair. An obstacle is a reason, or none where there is nothing to repay with.
    fn attempt(
        &self,
        attempt: Attempt<'_>,
    ) -> ContractResult<Result<Candidate<'a>, Option<SkipReason>>> {
        let offered = if attempt.by_callback {
            let pair = (
                attempt.seize_asset.to_owned(),
                attempt.debt_asset.to_owned(),
            );
            if !self.costs.routes.contains_key(&pair) {
                return Ok(Err(None));
            }
            Amount(u128::MAX)
        } else {
            self.inventory.available(attempt.debt_asset)
        };
        if offered.is_zero() {
            return Ok(Err(None));
        }
        let pair = Pair {
            account: self.key.into(),
            debt: attempt.debt_asset.into(),
            seize: attempt.seize_asset.into(),
            by_callback: attempt.by_callback,
        };
        if let Some(error) = self.inventory.avoids(&pair) {
            let error = error.to_owned();
            return Ok(Err(Some(SkipReason::Refused { error })));
        }
        let mut books = self.books.clone();
        let settlement = match books.liquidate(&self.seizure(attempt, offered)) {
            Ok(settlement) => settlement,
            Err(error) => {
                let error = error.to_string();
                return Ok(Err(Some(SkipReason::Refused { error })));
            }
        };
        let gas = self.costs.gas.of_account(self.record.holdings.len());
        let gas = if attempt.by_callback {
            gas.saturating_add(self.costs.gas.callback)
        } else {
            gas
        };
        let Some(expected) = self.expected(&mut books, attempt, &settlement, gas)? else {
            return Ok(Err(Some(SkipReason::NotSwappable)));
        };
        let received = settlement.received()?;
        let planned = Planned {
            account: self.key.into(),
            debt: AssetAmount {
                asset: attempt.debt_asset.into(),
                amount: expected.repaid,
            },
            seize: attempt.seize_asset.into(),
            min_seized: self.least(received),
            expected,
            missing: self.missing,
        };
        Ok(Ok(Candidate {
            planned,
            by_callback: attempt.by_callback,
            gas,
            books,
        }))
    }

    fn seizure(&self, attempt: Attempt<'_>, offered: Amount) -> Seizure {
        let keeper = self.inventory.keeper().clone();
        Seizure {
            account: self.key.clone(),
            debt: attempt.debt,
            offered,
            seize: attempt.seize,
            receive: Receive::Tokens,
            into: AccountKey {
                owner: keeper.clone(),
                id: 0,
            },
            keeper,
        }
    }

    /// What a liquidation brings and costs; none if its assets can neither be kept nor swapped, or
    /// if a callback could not repay out of the tokens that it gets.
    fn expected(
        &self,
        books: &mut Books<'a>,
        attempt: Attempt<'_>,
        settlement: &Settlement,
        gas: u64,
    ) -> ContractResult<Option<Expected>> {
        let costs = self.costs;
        let repaid = settlement.outcome.repaid;
        let (debt_price, debt_decimals) = price(books, attempt.debt, Side::Debt)?;
        let (seize_price, seize_decimals) = price(books, attempt.seize, Side::Deposit)?;
        let repaid_value = debt_price.value_ceil(repaid, debt_decimals)?;
        let tokens = settlement.tokens;
        let lent = settlement.idle.plus(settlement.lent)?;
        let tokens_value = seize_price.value_floor(tokens, seize_decimals)?;
        let lent_value = seize_price.value_floor(lent, seize_decimals)?;
        let discount = lent_value.mul_ceil(costs.shares_discount)?;
        let received_value = tokens_value
            .plus(lent_value)?
            .minus(discount.min(lent_value))?;

        let swap_cost = if attempt.by_callback {
            costs.of_route(attempt.seize_asset, attempt.debt_asset, tokens_value)
        } else {
            let sold = costs.of_exchange(attempt.seize_asset, tokens_value);
            let bought = costs.of_exchange(attempt.debt_asset, repaid_value);
            match (sold, bought) {
                (Some(sold), Some(bought)) => Some(sold.plus(bought)?),
                _ => None,
            }
        };
        let Some(swap_cost) = swap_cost else {
            return Ok(None);
        };
        if attempt.by_callback && tokens_value.minus(swap_cost)? < repaid_value {
            return Ok(None);
        }
        let gas_cost = costs.of_gas(gas);
        let profit = received_value
            .minus(repaid_value)?
            .minus(swap_cost)?
            .minus(gas_cost)?;
        Ok(Some(Expected {
            repaid,
            tokens,
            lent,
            repaid_value,
            received_value,
            swap_cost,
            gas,
            gas_cost,
            profit,
            distressed: settlement.outcome.terms.distressed,
        }))
    }

    /// What is expected less the slippage, at least one smallest unit.
    fn least(&self, received: Amount) -> Amount {
        let slippage = self.costs.slippage.0;
        let missing = bulwark_risk::wide::mul_ceil(received.0, slippage).unwrap_or(received.0);
        Amount(received.0.saturating_sub(missing).max(1))
    }
}

/// The price at which one side of a market is valued, less what a deposit that nobody can price
/// any more is handed out below it; and the token's decimals.
fn price(books: &mut Books<'_>, market: u16, side: Side) -> ContractResult<(Price, u8)> {
    let holding = books.valued(market, side, Amount::ZERO)?.holding;
    let price = match holding.quote.tradable {
        Tradable::InDistress { discount } => holding.quote.mid.scaled_floor(discount)?,
        Tradable::Yes | Tradable::No => holding.quote.mid,
    };
    Ok((price, holding.decimals))
}
