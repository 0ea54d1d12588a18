//! What owners do with their accounts.

use bulwark_chain::Message;
use bulwark_risk::units::Amount;
use bulwark_types::vault::{AccountRef, Action, AssetAmount, Cw20Hook, ExecuteMsg};

use super::{Author, Draft, Preview};
use crate::access::format;
use crate::tx::Failure;
use crate::tx::amount::Part;
use crate::tx::args::{AmountArgs, BorrowArgs, DepositArgs, PartArgs, TransferArgs, WithdrawArgs};

impl Author<'_> {
    pub(super) fn deposit(&self, args: &DepositArgs) -> Result<Draft, Failure> {
        let (paid, account) = (
            self.reading.amount(&args.amount)?,
            self.account(args.account.as_deref())?,
        );
        let lend = args.lend.then_some(true);
        let message = ExecuteMsg::Deposit {
            account: Some(account.clone()),
            lend,
        };
        let hook = Cw20Hook::Deposit {
            account: Some(account.clone()),
            lend,
        };
        let message = self.pay(&paid, &message, &hook)?;
        let part = all_of(paid);
        Ok(
            self.on("deposit", &part, account, message, |asset, amount| {
                Action::Deposit {
                    asset,
                    amount,
                    lend,
                }
            }),
        )
    }

    pub(super) fn repay(&self, args: &AmountArgs) -> Result<Draft, Failure> {
        let (paid, account) = (
            self.reading.amount(&args.amount)?,
            self.account(args.account.as_deref())?,
        );
        let message = ExecuteMsg::Repay {
            account: Some(account.clone()),
        };
        let hook = Cw20Hook::Repay {
            account: Some(account.clone()),
        };
        let message = self.pay(&paid, &message, &hook)?;
        let part = all_of(paid);
        Ok(self.on("repay", &part, account, message, |asset, amount| {
            Action::Repay { asset, amount }
        }))
    }

    pub(super) fn withdraw(&self, args: &WithdrawArgs) -> Result<Draft, Failure> {
        let (part, account) = (
            self.reading.part(&args.part)?,
            self.account(args.account.as_deref())?,
        );
        let to = self.receiver(args.to.as_deref())?;
        let message = self.message(&ExecuteMsg::Withdraw {
            account: Some(account.clone()),
            asset: part.asset.clone(),
            amount: part.amount,
            to: to.clone(),
        })?;
        Ok(
            self.on("withdraw", &part, account, message, |asset, amount| {
                Action::Withdraw { asset, amount, to }
            }),
        )
    }

    pub(super) fn lend(&self, args: &PartArgs) -> Result<Draft, Failure> {
        let (part, account) = (
            self.reading.part(&args.part)?,
            self.account(args.account.as_deref())?,
        );
        let message = self.message(&ExecuteMsg::Lend {
            account: Some(account.clone()),
            asset: part.asset.clone(),
            amount: part.amount,
        })?;
        Ok(self.on("lend", &part, account, message, |asset, amount| {
            Action::Lend { asset, amount }
        }))
    }

    pub(super) fn recall(&self, args: &PartArgs) -> Result<Draft, Failure> {
        let (part, account) = (
            self.reading.part(&args.part)?,
            self.account(args.account.as_deref())?,
        );
        let message = self.message(&ExecuteMsg::Recall {
            account: Some(account.clone()),
            asset: part.asset.clone(),
            amount: part.amount,
        })?;
        Ok(self.on("recall", &part, account, message, |asset, amount| {
            Action::Recall { asset, amount }
        }))
    }

    pub(super) fn borrow(&self, args: &BorrowArgs) -> Result<Draft, Failure> {
        let (borrowed, account) = (
            self.reading.amount(&args.amount)?,
            self.account(args.account.as_deref())?,
        );
        let (to, amount) = (self.receiver(args.to.as_deref())?, borrowed.amount);
        let message = self.message(&ExecuteMsg::Borrow {
            account: Some(account.clone()),
            asset: borrowed.asset.clone(),
            amount,
            to: to.clone(),
        })?;
        let part = all_of(borrowed);
        Ok(self.on("borrow", &part, account, message, |asset, _| {
            Action::Borrow { asset, amount, to }
        }))
    }

    pub(super) fn transfer(&self, args: &TransferArgs) -> Result<Draft, Failure> {
        let (part, account) = (
            self.reading.part(&args.part)?,
            self.account(args.account.as_deref())?,
        );
        let to = self.reached.account(&args.to)?;
        let message = self.message(&ExecuteMsg::Transfer {
            account: Some(account.clone()),
            to: to.clone(),
            asset: part.asset.clone(),
            amount: part.amount,
        })?;
        let verb = format!("transfer to {}", format::account(&to));
        // The account is left as a withdrawal would leave it.
        Ok(self.on(&verb, &part, account, message, |asset, amount| {
            Action::Withdraw {
                asset,
                amount,
                to: None,
            }
        }))
    }

    /// A message about a part of an account, and the action that leaves the account alike.
    fn on(
        &self,
        verb: &str,
        part: &Part,
        account: AccountRef,
        message: Message,
        action: impl FnOnce(String, Option<Amount>) -> Action,
    ) -> Draft {
        let shown = self.shown(part);
        Draft {
            title: format!("{verb}: {shown}, account {}", format::account(&account)),
            message,
            preview: Preview::Action(account, action(part.asset.clone(), part.amount)),
        }
    }
}

fn all_of(paid: AssetAmount) -> Part {
    Part {
        asset: paid.asset,
        amount: Some(paid.amount),
    }
}
