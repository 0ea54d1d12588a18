//! Keepers: they take the pair that pays best, sell what they seize, and buy what they repay.

use bulwark_risk::RiskResult;
use bulwark_risk::liquidation::{Outcome as Liquidation, Pair, best_pair, liquidate};
use bulwark_risk::units::Amount;

use super::engine::Simulation;
use super::error::{RunError, refused};
use super::terms::Position;
use crate::engine::numbers;

/// Calls for one account that are made each time it is looked at.
const CALLS: usize = 12;

/// Times that all accounts are looked at in a row: a sale moves prices, and the moved price may
/// bring others below their margin.
const ROUNDS: usize = 4;

/// What a keeper sells, or buys, before the oracle sees the price that this leads to: a part of
/// what the market absorbs within a day.
pub const SLICE: f64 = 0.025;

impl Simulation<'_> {
    /// Liquidates until nothing is left to liquidate at the prices that this leads to.
    pub(super) fn liquidate_all(&mut self) -> Result<(), RunError> {
        for _ in 0..ROUNDS {
            let before = self.outcome.liquidations;
            for number in 0..self.accounts.len() {
                self.liquidate_account(number)?;
            }
            if self.outcome.liquidations == before || !self.spec.with_impact {
                break;
            }
        }
        Ok(())
    }

    fn liquidate_account(&mut self, number: usize) -> Result<(), RunError> {
        for _ in 0..CALLS {
            if self.accounts[number].debts.is_empty() {
                return Ok(());
            }
            let positions = self.accounts[number].positions(&self.pools)?;
            if self.terms.is_plainly_safe(&positions) {
                return Ok(());
            }
            if self.terms.equity(&positions)? >= self.terms.maintenance(&positions)? {
                return Ok(());
            }
            let Some((pair, outcome)) = self.plan(&positions)? else {
                break;
            };
            self.carry_out(number, &positions, pair, &outcome)?;
        }
        self.write_off(number)
    }

    /// The pair that pays best, and no more of it than a keeper sells at once.
    fn plan(&self, positions: &[Position]) -> Result<Option<(Pair, Liquidation)>, RunError> {
        let settings = self.spec.settings;
        let holdings = self.terms.holdings(positions);
        let best = best_pair(&holdings, &settings.margin, &settings.liquidation)?;
        let Some((pair, whole)) = best else {
            return Ok(None);
        };
        let worth = numbers::usd(whole.repaid_value) + numbers::usd(whole.bonus_value);
        let part = self.largest_sale(positions, pair) / worth.max(f64::MIN_POSITIVE);
        if part >= 1.0 {
            return Ok(Some((pair, whole)));
        }
        let offered = numbers::part(whole.repaid, part).max(Amount(1));
        match liquidate(
            &holdings,
            &settings.margin,
            &settings.liquidation,
            pair,
            offered,
        ) {
            Ok(outcome) => Ok(Some((pair, outcome))),
            Err(error) => refused(error).map(|()| None),
        }
    }

    /// The largest sale that a keeper makes at once, USD; without bound where sales move nothing.
    fn largest_sale(&self, positions: &[Position], pair: Pair) -> f64 {
        [pair.deposit, pair.debt]
            .into_iter()
            .filter_map(|place| positions.get(place))
            .filter(|position| self.market.moves(position.asset))
            .map(|position| {
                let absorbed = self.market.liquidity(position.asset);
                SLICE * self.terms.usd(position.asset, absorbed)
            })
            .fold(f64::INFINITY, f64::min)
    }

    fn carry_out(
        &mut self,
        number: usize,
        positions: &[Position],
        pair: Pair,
        outcome: &Liquidation,
    ) -> Result<(), RunError> {
        let (deposit, debt) = (positions[pair.deposit].asset, positions[pair.debt].asset);
        let account = &mut self.accounts[number];
        account.take(deposit, outcome.seized)?;
        account.pay(debt, outcome.repaid, &mut self.pools)?;
        self.pools.credit(deposit, outcome.protocol_fee)?;
        let repaid_usd = self.terms.usd(debt, outcome.repaid);
        let seized_usd = self.terms.usd(deposit, outcome.seized);
        self.outcome.liquidations += 1;
        self.outcome.liquidated_usd += repaid_usd;
        self.outcome.bonus_usd += seized_usd - repaid_usd;
        if !account.was_liquidated {
            account.was_liquidated = true;
            self.outcome.accounts_liquidated += 1;
        }
        let sold = outcome.seized.minus(outcome.protocol_fee)?;
        self.trade(deposit, sold, 1.0)?;
        self.trade(debt, outcome.repaid, -1.0)
    }

    fn trade(&mut self, asset: usize, amount: Amount, direction: f64) -> Result<(), RunError> {
        let decimals = self.spec.path.assets[asset].decimals;
        let tokens = numbers::tokens(amount, decimals.into());
        self.market.sell(asset, direction * tokens)?;
        self.terms.reprice(&self.market, asset)?;
        Ok(())
    }

    /// Writes the debts off of an account that has nothing but dust left, which goes to the
    /// reserves first.
    fn write_off(&mut self, number: usize) -> Result<(), RunError> {
        let dust = numbers::usd(self.spec.settings.liquidation.dust_value);
        let account = &mut self.accounts[number];
        let left = account.deposits.iter();
        let left: f64 = left
            .map(|(asset, amount)| self.terms.usd(*asset, *amount))
            .sum();
        if account.debts.is_empty() || left >= dust {
            return Ok(());
        }
        for (asset, amount) in std::mem::take(&mut account.deposits) {
            self.pools.credit(asset, amount)?;
        }
        let debts = std::mem::take(&mut account.debts);
        debts
            .into_iter()
            .try_for_each(|(asset, shares)| -> RiskResult<()> {
                let loss = self.pools.write_off(asset, shares)?;
                let usd = |amount| self.terms.usd(asset, amount);
                self.outcome.written_off_usd += usd(loss.written_off);
                self.outcome.reserve_paid_usd += usd(loss.from_reserve);
                self.outcome.suppliers_loss_usd += usd(loss.from_suppliers);
                Ok(())
            })?;
        Ok(())
    }
}
