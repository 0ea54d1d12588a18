use std::collections::BTreeSet;

use bulwark_risk::pool::Pool;
use bulwark_risk::units::{Amount, DebtShares, SupplyShares};
use bulwark_types::token::{CW20_PREFIX, Cw20ReceiveMsg};
use bulwark_types::vault::{AccountRef, Action, Cw20Hook, ExecuteMsg, Target as LiquidationTarget};
use cosmwasm_std::{Addr, Coin, from_json};

use super::View;
use crate::invariants::Findings;
use crate::world::Target;

/// What a message may change, accrual aside.
#[derive(Default)]
struct Reach {
    accounts: Vec<AccountRef>,
    markets: BTreeSet<u16>,
}

/// 3: no other market's totals and no other account's holdings change.
pub(super) fn stays_within_the_message(view: &View<'_>, findings: &mut Findings) {
    let reach = Reach::of(view);
    for change in view.changed {
        let AccountRef { owner, id } = &change.account;
        findings.check(3, reach.accounts.contains(&change.account), || {
            format!("{}, and account {id} of {owner} changed", view.described())
        });
    }
    for (id, before) in &view.before.markets {
        let Some(after) = view.after.markets.get(id) else {
            continue;
        };
        let same = before.idle == after.idle && totals(&before.pool) == totals(&after.pool);
        findings.check(3, same || reach.markets.contains(id), || {
            let asset = view.after.asset(*id);
            format!("{}, and the totals of {asset} changed", view.described())
        });
    }
}

type Totals = (Amount, Amount, SupplyShares, DebtShares, SupplyShares);

const fn totals(pool: &Pool) -> Totals {
    (
        pool.supplied,
        pool.borrowed,
        pool.supply_shares,
        pool.debt_shares,
        pool.reserve_shares,
    )
}

impl Reach {
    fn of(view: &View<'_>) -> Self {
        let mut reach = Self::default();
        let Target::Vault(message, funds) = &view.step.target else {
            return reach;
        };
        let sender = &view.step.sender;
        match message.as_ref() {
            ExecuteMsg::Deposit { account, .. } | ExecuteMsg::Repay { account } => {
                reach.account(account.as_ref(), sender);
                reach.funds(view, funds);
            }
            ExecuteMsg::Withdraw { account, asset, .. }
            | ExecuteMsg::Lend { account, asset, .. }
            | ExecuteMsg::Recall { account, asset, .. }
            | ExecuteMsg::Borrow { account, asset, .. } => {
                reach.account(account.as_ref(), sender);
                reach.asset(view, asset);
            }
            ExecuteMsg::Transfer {
                account, to, asset, ..
            } => {
                reach.account(account.as_ref(), sender);
                reach.account(Some(to), sender);
                reach.asset(view, asset);
            }
            ExecuteMsg::Liquidate {
                account,
                seize,
                to,
                debt,
                ..
            } => {
                reach.liquidation(view, account, seize, to.as_ref(), sender);
                reach.funds(view, funds);
                if let Some(debt) = debt {
                    reach.asset(view, &debt.asset);
                }
            }
            ExecuteMsg::LiquidateMany { targets, to, .. } => {
                reach.liquidations(view, targets, to.as_ref(), sender);
            }
            ExecuteMsg::Batch { account, actions } => {
                reach.account(account.as_ref(), sender);
                for action in actions {
                    reach.action(view, action);
                }
            }
            ExecuteMsg::Receive(received) => reach.received(view, received, sender),
            ExecuteMsg::WriteOff { account } => {
                reach.account(Some(account), sender);
                reach.written_off(view, account);
            }
            ExecuteMsg::CollectReserve { asset, .. } => reach.asset(view, asset),
            ExecuteMsg::Accrue { .. }
            | ExecuteMsg::SetOperator { .. }
            | ExecuteMsg::ListMarket(_)
            | ExecuteMsg::UpdateMarket { .. }
            | ExecuteMsg::UpdateParams(_)
            | ExecuteMsg::UpdateOwnership(_)
            | ExecuteMsg::Pause { .. }
            | ExecuteMsg::Unpause { .. }
            | ExecuteMsg::Cancel { .. }
            | ExecuteMsg::Apply { .. } => {}
        }
        reach
    }

    fn account(&mut self, account: Option<&AccountRef>, sender: &Addr) {
        self.accounts
            .push(account.cloned().unwrap_or_else(|| AccountRef {
                owner: sender.to_string(),
                id: 0,
            }));
    }

    fn asset(&mut self, view: &View<'_>, asset: &str) {
        self.markets.extend(view.after.market_of(asset));
    }

    fn funds(&mut self, view: &View<'_>, funds: &[Coin]) {
        for coin in funds {
            self.asset(view, &coin.denom);
        }
    }

    fn liquidation(
        &mut self,
        view: &View<'_>,
        account: &AccountRef,
        seize: &str,
        to: Option<&AccountRef>,
        keeper: &Addr,
    ) {
        self.account(Some(account), keeper);
        self.account(to, keeper);
        self.asset(view, seize);
        self.written_off(view, account);
    }

    fn liquidations(
        &mut self,
        view: &View<'_>,
        targets: &[LiquidationTarget],
        to: Option<&AccountRef>,
        keeper: &Addr,
    ) {
        for target in targets {
            self.liquidation(view, &target.account, &target.seize, to, keeper);
            self.asset(view, &target.debt.asset);
        }
    }

    fn action(&mut self, view: &View<'_>, action: &Action) {
        match action {
            Action::Deposit { asset, .. }
            | Action::Withdraw { asset, .. }
            | Action::Lend { asset, .. }
            | Action::Recall { asset, .. }
            | Action::Borrow { asset, .. }
            | Action::Repay { asset, .. } => self.asset(view, asset),
            Action::Call { funds, returns, .. } => {
                let given = funds.iter().map(|funds| &funds.asset);
                for asset in returns.iter().chain(given) {
                    self.asset(view, asset);
                }
            }
        }
    }

    fn received(&mut self, view: &View<'_>, received: &Cw20ReceiveMsg, token: &Addr) {
        self.asset(view, &format!("{CW20_PREFIX}{token}"));
        let sender = Addr::unchecked(&received.sender);
        match from_json(&received.msg) {
            Ok(Cw20Hook::Deposit { account, .. } | Cw20Hook::Repay { account }) => {
                self.account(account.as_ref(), &sender);
            }
            Ok(Cw20Hook::Liquidate {
                account, seize, to, ..
            }) => self.liquidation(view, &account, &seize, to.as_ref(), &sender),
            Ok(Cw20Hook::LiquidateMany { targets, to, .. }) => {
                self.liquidations(view, &targets, to.as_ref(), &sender);
            }
            Err(_) => {}
        }
    }

    /// What is left of an account without deposits is written off in all its markets.
    fn written_off(&mut self, view: &View<'_>, account: &AccountRef) {
        let record = view.record_before(account);
        let positions = record.holdings.iter();
        self.markets
            .extend(positions.map(|position| position.market));
    }
}
