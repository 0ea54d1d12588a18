//! Liquidating and writing off.

use bulwark_risk::account::{Holding, Side};
use bulwark_risk::liquidation::{LiquidationError, Outcome, Pair, liquidate};
use bulwark_risk::units::{Amount, DebtShares, SupplyShares};
use bulwark_risk::wide::mul_div_floor;
use bulwark_types::events::{BadDebtAbsorbed, DustCollected};
use bulwark_types::vault::Receive;
use cosmwasm_std::Addr;

use super::{AccountKey, Books, Debit};
use crate::error::{ContractError, ContractResult};
use crate::state::Balance;

/// What a keeper wants to do.
#[derive(Clone, Debug)]
pub struct Seizure {
    /// Account to liquidate.
    pub account: AccountKey,
    /// Market of the debt.
    pub debt: u16,
    /// Smallest units offered for it.
    pub offered: Amount,
    /// Market of the deposit to seize.
    pub seize: u16,
    /// How the keeper wants to be paid.
    pub receive: Receive,
    /// Account that takes what is not paid out.
    pub into: AccountKey,
    /// Who liquidates: only its own accounts take an asset that they do not hold yet.
    pub keeper: Addr,
}

/// What a liquidation did.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// As the planner computed it.
    pub outcome: Outcome,
    /// Debt shares that are gone.
    pub debt_shares: DebtShares,
    /// Smallest units that are to be sent to the keeper.
    pub tokens: Amount,
    /// Smallest units credited to the keeper's account as idle deposit.
    pub idle: Amount,
    /// Supply shares credited to the keeper's account.
    pub shares: SupplyShares,
    /// Those shares' value in smallest units, rounded down.
    pub lent: Amount,
    /// Debts written off because no deposits are left: market and smallest units.
    pub bad_debt: Vec<(u16, Amount)>,
}

impl Settlement {
    /// What the keeper gets in all, smallest units.
    ///
    /// # Errors
    /// None in practice.
    pub fn received(&self) -> ContractResult<Amount> {
        Ok(self.tokens.plus(self.idle)?.plus(self.lent)?)
    }
}

impl Books<'_> {
    /// Repays a debt with tokens that are in the contract's hands and seizes a deposit.
    /// Nothing of it can be paused, capped or disabled.
    ///
    /// # Errors
    /// [`ContractError::NotLiquidatable`] and whatever else the planner refuses.
    pub fn liquidate(&mut self, seizure: &Seizure) -> ContractResult<Settlement> {
        let Seizure {
            account,
            debt,
            seize,
            ..
        } = seizure;
        if seizure.into == *account {
            let (owner, id) = (account.owner.to_string(), account.id);
            return Err(Box::new(ContractError::SameAccount { owner, id }));
        }
        let outcome = self.plan(seizure)?;
        let debt_shares = self.repay_debt(account, *debt, outcome.repaid)?;
        let seized = self.debit(account, *seize, Some(outcome.seized))?;
        let keepers = self.pay_protocol_fee(*seize, &seized, outcome.protocol_fee)?;
        let mut settlement = self.hand_over(seizure, &keepers, outcome)?;
        settlement.debt_shares = debt_shares;
        settlement.bad_debt = self.absorb_bad_debt(account)?;
        Ok(settlement)
    }

    fn plan(&mut self, seizure: &Seizure) -> ContractResult<Outcome> {
        let Seizure {
            account,
            debt,
            seize,
            offered,
            ..
        } = seizure;
        let valued = self.holdings(account)?;
        let position = |market: u16, side: Side| {
            valued
                .iter()
                .position(|v| v.market == market && v.holding.side == side)
        };
        let (debt_at, deposit_at) = (position(*debt, Side::Debt), position(*seize, Side::Deposit));
        let Some(debt_at) = debt_at else {
            return Err(Box::new(ContractError::NoDebt {
                asset: self.asset(*debt)?,
            }));
        };
        let Some(deposit_at) = deposit_at else {
            return Err(Box::new(ContractError::NoDeposit {
                asset: self.asset(*seize)?,
            }));
        };
        let holdings: Vec<Holding> = valued.iter().map(|v| v.holding).collect();
        let margin = self.margin_parameters()?;
        let parameters = self.settings.parameters.liquidation;
        let pair = Pair {
            debt: debt_at,
            deposit: deposit_at,
        };
        match liquidate(&holdings, &margin, &parameters, pair, *offered) {
            Ok(outcome) => Ok(outcome),
            Err(error) => Err(Box::new(self.refusal(seizure, error)?)),
        }
    }

    /// The planner's refusal with this account's values.
    fn refusal(
        &mut self,
        seizure: &Seizure,
        error: LiquidationError,
    ) -> ContractResult<ContractError> {
        let (debt, seize) = (self.asset(seizure.debt)?, self.asset(seizure.seize)?);
        Ok(match error {
            LiquidationError::Risk(error) => ContractError::Risk(*error),
            LiquidationError::NotLiquidatable => {
                let assessment = self.assess(&seizure.account)?;
                ContractError::NotLiquidatable {
                    owner: seizure.account.owner.to_string(),
                    id: seizure.account.id,
                    equity: assessment.equity,
                    maintenance: assessment.maintenance,
                }
            }
            LiquidationError::NoSuchPair => ContractError::NoDebt { asset: debt },
            LiquidationError::Unpriced => ContractError::PairUnpriced { debt, seize },
            LiquidationError::RatioNotRaised => ContractError::RatioNotRaised { debt, seize },
            LiquidationError::NothingSeized => ContractError::NothingSeized {
                seize,
                repaid: seizure.offered,
            },
        })
    }

    fn repay_debt(
        &mut self,
        account: &AccountKey,
        id: u16,
        amount: Amount,
    ) -> ContractResult<DebtShares> {
        let credit = self.credit(account, id, amount, false)?;
        Ok(credit.debt_shares)
    }

    /// Takes the reserve's part out of what was seized, from the lent part first: a keeper is
    /// better served with tokens. Returns what is left.
    fn pay_protocol_fee(&mut self, id: u16, seized: &Debit, fee: Amount) -> ContractResult<Debit> {
        let from_lent = seized.lent.min(fee);
        let from_idle = fee.minus(from_lent)?;
        let mut left = *seized;
        let market = self.market_mut(id)?;
        if !from_lent.is_zero() {
            // Rounded down: with a share too few the keeper's part would be paid out at a loss to
            // the other suppliers.
            let shares = SupplyShares(mul_div_floor(seized.shares.0, from_lent.0, seized.lent.0)?);
            market.pool.give_to_reserve(shares)?;
            left.shares = left.shares.minus(shares)?;
            left.lent = left.lent.minus(from_lent)?;
        }
        if !from_idle.is_zero() {
            market.idle = market.idle.minus(from_idle)?;
            market.pool.credit_reserve(from_idle)?;
            left.idle = left.idle.minus(from_idle)?;
        }
        Ok(left)
    }

    /// Gives the keeper its part: tokens as far as the cash goes and shares for the rest, or
    /// everything into its account.
    fn hand_over(
        &mut self,
        seizure: &Seizure,
        keepers: &Debit,
        outcome: Outcome,
    ) -> ContractResult<Settlement> {
        let id = seizure.seize;
        let mut paid = Debit::default();
        if seizure.receive == Receive::Tokens {
            let cash = self.market(id)?.pool.cash();
            paid.idle = keepers.idle;
            paid.lent = keepers.lent.min(cash);
            paid.shares = if paid.lent == keepers.lent {
                keepers.shares
            } else {
                self.market(id)?
                    .pool
                    .recall_cost_ceil(paid.lent)?
                    .min(keepers.shares)
            };
            self.release(id, &paid)?;
        }
        let idle = keepers.idle.minus(paid.idle)?;
        let shares = keepers.shares.minus(paid.shares)?;
        if !idle.is_zero() || !shares.is_zero() {
            self.assert_may_add(&seizure.into, id, &seizure.keeper)?;
            self.credit_moved(&seizure.into, id, idle, shares)?;
        }
        Ok(Settlement {
            outcome,
            debt_shares: DebtShares::ZERO,
            tokens: paid.total()?,
            idle,
            shares,
            lent: keepers.lent.minus(paid.lent)?,
            bad_debt: Vec::new(),
        })
    }

    /// Writes off what an account without deposits still owes: the reserve bears it first,
    /// then the suppliers of that market.
    ///
    /// # Errors
    /// If a record does not load.
    pub fn absorb_bad_debt(&mut self, key: &AccountKey) -> ContractResult<Vec<(u16, Amount)>> {
        let record = self.account(key)?.clone();
        if record.has_deposits() {
            return Ok(Vec::new());
        }
        let mut written_off = Vec::new();
        for position in record.holdings {
            let Balance::Debt(shares) = position.balance else {
                continue;
            };
            let loss = self.market_mut(position.market)?.pool.write_off(shares)?;
            self.account_mut(key)?
                .set_balance(position.market, Balance::Debt(DebtShares::ZERO));
            let event = BadDebtAbsorbed {
                owner: key.owner.to_string(),
                id: key.id,
                asset: self.asset(position.market)?,
                written_off: loss.written_off,
                shares,
                from_reserve: loss.from_reserve,
                from_suppliers: loss.from_suppliers,
            };
            self.report(event);
            written_off.push((position.market, loss.written_off));
        }
        Ok(written_off)
    }

    /// Hands all deposits of an account over to the reserves of their markets.
    ///
    /// # Errors
    /// If a record does not load.
    pub fn collect_dust(&mut self, key: &AccountKey) -> ContractResult<()> {
        for position in self.account(key)?.holdings.clone() {
            let Balance::Deposit { idle, lent } = position.balance else {
                continue;
            };
            let market = self.market_mut(position.market)?;
            market.idle = market.idle.minus(idle)?;
            if !idle.is_zero() {
                market.pool.credit_reserve(idle)?;
            }
            market.pool.give_to_reserve(lent)?;
            let nothing = Balance::Deposit {
                idle: Amount::ZERO,
                lent: SupplyShares::ZERO,
            };
            self.account_mut(key)?.set_balance(position.market, nothing);
            let event = DustCollected {
                owner: key.owner.to_string(),
                id: key.id,
                asset: self.asset(position.market)?,
                idle,
                shares: lent,
            };
            self.report(event);
        }
        Ok(())
    }
}
