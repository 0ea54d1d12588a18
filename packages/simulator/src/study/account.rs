//! An account of the study, and all of them with the pools that they owe to.

use bulwark_risk::RiskResult;
use bulwark_risk::account::Side;
use bulwark_risk::units::{Amount, DebtShares};

use super::pools::Pools;
use super::terms::Position;

/// What one owner holds and owes at the moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// Deposits, idle, by asset.
    pub deposits: Vec<(usize, Amount)>,
    /// Debt shares by asset.
    pub debts: Vec<(usize, DebtShares)>,
    /// The number of the last renewal that was due.
    pub renewal: Option<u64>,
    /// Whether a keeper has taken a part of it since it was opened.
    pub was_liquidated: bool,
}

impl Account {
    /// Everything held and owed, deposits first.
    ///
    /// # Errors
    /// Pools beyond range.
    pub fn positions(&self, pools: &Pools) -> RiskResult<Vec<Position>> {
        let deposits = self.deposits.iter().map(|(asset, amount)| {
            Ok(Position {
                asset: *asset,
                side: Side::Deposit,
                amount: *amount,
            })
        });
        let debts = self.debts.iter().map(|(asset, shares)| {
            Ok(Position {
                asset: *asset,
                side: Side::Debt,
                amount: pools.owed(*asset, *shares)?,
            })
        });
        deposits.chain(debts).collect()
    }

    /// Whether it holds or owes an asset.
    pub fn has(&self, asset: usize) -> bool {
        let deposits = self.deposits.iter().map(|(asset, _)| *asset);
        let mut all = deposits.chain(self.debts.iter().map(|(asset, _)| *asset));
        all.any(|held| held == asset)
    }

    /// Takes a part of a deposit away.
    ///
    /// # Errors
    /// More than there is.
    pub fn take(&mut self, asset: usize, amount: Amount) -> RiskResult<()> {
        for (held, deposit) in &mut self.deposits {
            if *held == asset {
                *deposit = deposit.minus(amount)?;
            }
        }
        self.deposits.retain(|(_, deposit)| !deposit.is_zero());
        Ok(())
    }

    /// Pays a part of a debt.
    ///
    /// # Errors
    /// Pools beyond range.
    pub fn pay(&mut self, asset: usize, amount: Amount, pools: &mut Pools) -> RiskResult<()> {
        for (owed, shares) in &mut self.debts {
            if *owed == asset {
                *shares = pools.repay(asset, *shares, amount)?;
            }
        }
        self.debts.retain(|(_, shares)| !shares.is_zero());
        Ok(())
    }
}
