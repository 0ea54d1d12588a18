//! Every message of the vault, in the words of a scenario.

use bulwark_types::oracle;
use bulwark_types::vault::{Action, AssetAmount, Callback, ExecuteMsg, PausableAction, QueryMsg};
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, Coin};
use cw_multi_test::Executor;
use serde::Serialize;

use super::{Answer, Target, World};
use crate::error::wire_error;
use crate::terms::{Account, Quantity};

impl World {
    /// Sends a message to the vault.
    ///
    /// # Errors
    /// What the vault or the chain refuses.
    pub fn execute(&mut self, sender: &str, message: ExecuteMsg, funds: Vec<Coin>) -> Answer {
        let sender = self.address(sender);
        let contract = self.vault().clone();
        let target = Target::Vault(Box::new(message.clone()), funds.clone());
        let sent = self.send_if_token(&sender, &message);
        self.journaled(sender.clone(), target, |world| match (sent, &message) {
            (Some(send), ExecuteMsg::Receive(received)) => send
                .and_then(|send| world.app.execute(world.address(&received.sender), send))
                .map_err(|error| wire_error(&error)),
            _ => world.execute_raw(&sender, &contract, &message, &funds),
        })
    }

    /// Sends a message to the oracle.
    ///
    /// # Errors
    /// What the oracle refuses.
    pub fn execute_oracle(&mut self, sender: &str, message: oracle::ExecuteMsg) -> Answer {
        let sender = self.address(sender);
        let contract = self.oracle().clone();
        let target = Target::Oracle(Box::new(message.clone()));
        self.journaled(sender.clone(), target, |world| {
            world.execute_raw(&sender, &contract, &message, &[])
        })
    }

    /// Sends any JSON to any contract, outside of the journal.
    ///
    /// # Errors
    /// What the contract or the chain refuses.
    pub fn execute_raw<M: Serialize + std::fmt::Debug>(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        message: &M,
        funds: &[Coin],
    ) -> Answer {
        self.app
            .execute_contract(sender.clone(), contract.clone(), message, funds)
            .map_err(|error| wire_error(&error))
    }

    /// Deposits, idle; sent and paid by the account's owner.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn deposit(
        &mut self,
        account: impl Into<Account>,
        asset: &str,
        quantity: impl Into<Quantity>,
    ) -> Answer {
        let account = account.into();
        let payer = account.owner.clone();
        self.credit(&payer, account, asset, quantity.into(), None)
    }

    /// Deposits and lends to the pool.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn deposit_lent(
        &mut self,
        account: impl Into<Account>,
        asset: &str,
        quantity: impl Into<Quantity>,
    ) -> Answer {
        let account = account.into();
        let payer = account.owner.clone();
        self.credit(&payer, account, asset, quantity.into(), Some(true))
    }

    /// Deposits, idle, into an account of somebody else.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn deposit_for(
        &mut self,
        payer: &str,
        account: impl Into<Account>,
        asset: &str,
        quantity: impl Into<Quantity>,
    ) -> Answer {
        self.credit(payer, account.into(), asset, quantity.into(), None)
    }

    fn credit(
        &mut self,
        payer: &str,
        account: Account,
        asset: &str,
        quantity: Quantity,
        lend: Option<bool>,
    ) -> Answer {
        let account = Some(self.account_ref(account));
        self.pay_vault(
            payer,
            asset,
            quantity,
            ExecuteMsg::Deposit { account, lend },
        )
    }

    /// Withdraws to the owner.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn withdraw(
        &mut self,
        account: impl Into<Account>,
        asset: &str,
        quantity: impl Into<Quantity>,
    ) -> Answer {
        let amount = Some(self.units(asset, quantity)?);
        let asset = self.asset(asset);
        self.by_owner(account, |account| ExecuteMsg::Withdraw {
            account,
            asset,
            amount,
            to: None,
        })
    }

    /// Withdraws everything of an asset to the owner.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn withdraw_all(&mut self, account: impl Into<Account>, asset: &str) -> Answer {
        let asset = self.asset(asset);
        self.by_owner(account, |account| ExecuteMsg::Withdraw {
            account,
            asset,
            amount: None,
            to: None,
        })
    }

    /// Lends idle deposits.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn lend(
        &mut self,
        account: impl Into<Account>,
        asset: &str,
        quantity: impl Into<Quantity>,
    ) -> Answer {
        let amount = Some(self.units(asset, quantity)?);
        let asset = self.asset(asset);
        self.by_owner(account, |account| ExecuteMsg::Lend {
            account,
            asset,
            amount,
        })
    }

    /// Lends everything idle of an asset.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn lend_all(&mut self, account: impl Into<Account>, asset: &str) -> Answer {
        let asset = self.asset(asset);
        self.by_owner(account, |account| ExecuteMsg::Lend {
            account,
            asset,
            amount: None,
        })
    }

    /// Takes lent deposits back.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn recall(
        &mut self,
        account: impl Into<Account>,
        asset: &str,
        quantity: impl Into<Quantity>,
    ) -> Answer {
        let amount = Some(self.units(asset, quantity)?);
        let asset = self.asset(asset);
        self.by_owner(account, |account| ExecuteMsg::Recall {
            account,
            asset,
            amount,
        })
    }

    /// Takes everything lent of an asset back.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn recall_all(&mut self, account: impl Into<Account>, asset: &str) -> Answer {
        let asset = self.asset(asset);
        self.by_owner(account, |account| ExecuteMsg::Recall {
            account,
            asset,
            amount: None,
        })
    }

    /// Borrows; the owner receives it.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn borrow(
        &mut self,
        account: impl Into<Account>,
        asset: &str,
        quantity: impl Into<Quantity>,
    ) -> Answer {
        let amount = self.units(asset, quantity)?;
        let asset = self.asset(asset);
        self.by_owner(account, |account| ExecuteMsg::Borrow {
            account,
            asset,
            amount,
            to: None,
        })
    }

    /// Repays; paid by the owner.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn repay(
        &mut self,
        account: impl Into<Account>,
        asset: &str,
        quantity: impl Into<Quantity>,
    ) -> Answer {
        let account = account.into();
        let payer = account.owner.clone();
        self.repay_for(&payer, account, asset, quantity)
    }

    /// Repays a debt of somebody else.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn repay_for(
        &mut self,
        payer: &str,
        account: impl Into<Account>,
        asset: &str,
        quantity: impl Into<Quantity>,
    ) -> Answer {
        let account = Some(self.account_ref(account));
        self.pay_vault(payer, asset, quantity, ExecuteMsg::Repay { account })
    }

    /// Moves deposits to another account.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn transfer(
        &mut self,
        account: impl Into<Account>,
        to: impl Into<Account>,
        asset: &str,
        quantity: impl Into<Quantity>,
    ) -> Answer {
        let amount = Some(self.units(asset, quantity)?);
        let to = self.account_ref(to);
        let asset = self.asset(asset);
        self.by_owner(account, |account| ExecuteMsg::Transfer {
            account,
            to,
            asset,
            amount,
        })
    }

    /// Repays up to `quantity` of a debt of an account and seizes a deposit, as tokens.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn liquidate(
        &mut self,
        keeper: &str,
        account: impl Into<Account>,
        debt: &str,
        quantity: impl Into<Quantity>,
        seize: &str,
    ) -> Answer {
        let message = ExecuteMsg::Liquidate {
            account: self.account_ref(account),
            seize: self.asset(seize),
            min_seized: None,
            receive: None,
            to: None,
            debt: None,
            callback: None,
        };
        self.pay_vault(keeper, debt, quantity, message)
    }

    /// Liquidates several accounts out of coins.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn liquidate_many(
        &mut self,
        keeper: &str,
        targets: Vec<bulwark_types::vault::Target>,
        funds: Vec<Coin>,
    ) -> Answer {
        let message = ExecuteMsg::LiquidateMany {
            targets,
            receive: None,
            to: None,
        };
        self.execute(keeper, message, funds)
    }

    /// Liquidates by calling a keeper's contract between seizing and being repaid.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn liquidate_by_callback(
        &mut self,
        keeper: &str,
        account: impl Into<Account>,
        debt: AssetAmount,
        seize: &str,
        callback: Callback,
    ) -> Answer {
        let message = ExecuteMsg::Liquidate {
            account: self.account_ref(account),
            seize: self.asset(seize),
            min_seized: None,
            receive: None,
            to: None,
            debt: Some(debt),
            callback: Some(callback),
        };
        self.execute(keeper, message, Vec::new())
    }

    /// Carries out several actions of the owner, with coins.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn batch(
        &mut self,
        account: impl Into<Account>,
        actions: Vec<Action>,
        funds: Vec<Coin>,
    ) -> Answer {
        let account = account.into();
        let owner = account.owner.clone();
        let account = Some(self.account_ref(account));
        self.execute(&owner, ExecuteMsg::Batch { account, actions }, funds)
    }

    /// Lets somebody act for all accounts of an owner, or for one.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn set_operator(
        &mut self,
        owner: &str,
        operator: &str,
        id: Option<u16>,
        expires: Option<u64>,
    ) -> Answer {
        let message = ExecuteMsg::SetOperator {
            operator: self.address(operator).into_string(),
            id,
            expires,
            revoke: None,
        };
        self.execute(owner, message, Vec::new())
    }

    /// Closes an insolvent account without deposits worth the name.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn write_off(&mut self, sender: &str, account: impl Into<Account>) -> Answer {
        let account = self.account_ref(account);
        self.execute(sender, ExecuteMsg::WriteOff { account }, Vec::new())
    }

    /// Adds interest to the totals of markets; sent by the keeper.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn accrue(&mut self, assets: &[&str]) -> Answer {
        let assets = assets.iter().map(|asset| self.asset(asset)).collect();
        self.execute("keeper", ExecuteMsg::Accrue { assets }, Vec::new())
    }

    /// The guardian pauses actions, of one asset or of all.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn pause(&mut self, asset: Option<&str>, actions: &[PausableAction]) -> Answer {
        let message = ExecuteMsg::Pause {
            asset: asset.map(|asset| self.asset(asset)),
            actions: actions.to_vec(),
        };
        self.execute("guardian", message, Vec::new())
    }

    fn by_owner(
        &mut self,
        account: impl Into<Account>,
        message: impl FnOnce(Option<bulwark_types::vault::AccountRef>) -> ExecuteMsg,
    ) -> Answer {
        let account = account.into();
        let owner = account.owner.clone();
        let account = Some(self.account_ref(account));
        self.execute(&owner, message(account), Vec::new())
    }

    /// Lets pending changes of the vault wait until they are ready, and applies them.
    ///
    /// # Errors
    /// What the vault refuses.
    pub fn settle_vault_changes(&mut self, delay: u64) -> Result<(), WireError> {
        let list = QueryMsg::Changes {
            start_after: None,
            limit: Some(100),
        };
        let pending: Vec<bulwark_types::governance::PendingChange<bulwark_types::vault::Change>> =
            self.query(&list)?;
        if !pending.is_empty() {
            self.advance(delay);
        }
        for change in pending {
            let apply = ExecuteMsg::Apply { change: change.id };
            self.execute("owner", apply, Vec::new())?;
        }
        Ok(())
    }

    /// Lets pending changes of the oracle wait until they are ready, and applies them.
    ///
    /// # Errors
    /// What the oracle refuses.
    pub fn settle_oracle_changes(&mut self, delay: u64) -> Result<(), WireError> {
        let list = oracle::QueryMsg::Changes {
            start_after: None,
            limit: Some(100),
        };
        let pending: Vec<bulwark_types::governance::PendingChange<oracle::Change>> =
            self.query_oracle(&list)?;
        if !pending.is_empty() {
            self.advance(delay);
        }
        for change in pending {
            let apply = oracle::ExecuteMsg::Apply { change: change.id };
            self.execute_oracle("owner", apply)?;
        }
        Ok(())
    }
}
