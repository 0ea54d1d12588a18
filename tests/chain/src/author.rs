//! Draws messages: by chance, and by what a mirror of the chain shows of accounts and prices.

use bulwark_risk::account::Status;
use bulwark_risk::units::{Amount, Price};
use bulwark_types::oracle::{self, PostedPrice};
use bulwark_types::vault::{
    AccountHolding, AccountRef, AccountResponse, Action, AmountResponse, Cw20Hook, ExecuteMsg,
    LiquidationPlanResponse, MarginResponse, QueryMsg,
};
use cosmwasm_std::{Coin, Uint128, to_json_binary};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, to_value};

use crate::mirror::Mirror;

/// Who has accounts and borrows.
const OWNERS: [&str; 3] = ["alice", "bob", "carol"];

/// Accounts of each.
const ACCOUNTS: u16 = 2;

/// Rounds after which prices turn from rising to falling, and back.
const SEASON: u32 = 4;

/// An asset as the author knows it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name in the vault.
    pub asset: String,
    /// Its decimals.
    pub decimals: u8,
    /// USD per whole token.
    pub price: f64,
    /// Whether its price hardly moves.
    pub stable: bool,
}

/// A message that somebody is going to send.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Name of the sender.
    pub sender: String,
    /// Address of the contract.
    pub contract: String,
    /// The message.
    pub message: Value,
    /// Coins that go with it.
    pub funds: Vec<Coin>,
}

/// Where things are.
#[derive(Clone, Debug)]
pub struct Places {
    /// Address of the vault.
    pub vault: String,
    /// Address of the oracle.
    pub oracle: String,
    /// Names and addresses of all users.
    pub users: Vec<(String, String)>,
}

/// Draws messages.
pub struct Author {
    rng: ChaCha8Rng,
    places: Places,
    assets: Vec<Listed>,
    first: Vec<f64>,
    round: u32,
}

/// An account as the mirror shows it.
struct Sight {
    owner: &'static str,
    account: AccountRef,
    holdings: Vec<AccountHolding>,
}

impl Author {
    /// An author of its own chances.
    pub fn new(seed: u64, places: Places, assets: Vec<Listed>) -> Self {
        Self {
            rng: ChaCha8Rng::seed_from_u64(seed),
            first: assets.iter().map(|listed| listed.price).collect(),
            places,
            assets,
            round: 0,
        }
    }

    /// What has to be there before anybody can borrow: the keeper lends some of everything.
    pub fn opening(&mut self) -> Vec<Draft> {
        let assets = self.assets.clone();
        let lent = assets.iter().map(|listed| {
            let amount = units(listed, 400_000.0);
            self.deposit("keeper", None, &listed.asset, amount, Some(true))
        });
        lent.collect()
    }

    /// The next few messages, which are on their way at the same time.
    pub fn round(&mut self, mirror: &Mirror) -> Vec<Draft> {
        self.round += 1;
        let mut drafts = Vec::new();
        if self.round % 2 == 0 {
            drafts.extend(self.posts(mirror));
        }
        drafts.extend(self.liquidations(mirror));
        for _ in 0..self.rng.random_range(3..=6) {
            let sight = self.look(mirror);
            drafts.push(self.act(mirror, &sight));
        }
        drafts
    }

    fn act(&mut self, mirror: &Mirror, sight: &Sight) -> Draft {
        match self.rng.random_range(0..100) {
            0..20 => {
                let listed = self.any_asset();
                let amount = self.some(&listed);
                let lend = *[None, Some(true), Some(false)]
                    .choose(&mut self.rng)
                    .unwrap();
                let account = self.own(sight);
                self.deposit(sight.owner, account, &listed.asset, amount, lend)
            }
            20..40 => self.borrow(mirror, sight),
            40..52 => {
                let (asset, amount) = self.of_debts(sight);
                let account = self.own(sight);
                self.repay(sight.owner, account, &asset, amount)
            }
            52..64 => {
                let (asset, amount) = self.of_deposits(sight);
                let account = self.own(sight);
                let to = self.rng.random_bool(0.1).then(|| self.address("bob"));
                let message = ExecuteMsg::Withdraw {
                    account,
                    asset,
                    amount,
                    to,
                };
                self.to_vault(sight.owner, &message, vec![])
            }
            64..72 => {
                let (asset, amount) = self.of_deposits(sight);
                let account = self.own(sight);
                self.to_vault(
                    sight.owner,
                    &ExecuteMsg::Lend {
                        account,
                        asset,
                        amount,
                    },
                    vec![],
                )
            }
            72..80 => {
                let (asset, amount) = self.of_deposits(sight);
                let account = self.own(sight);
                self.to_vault(
                    sight.owner,
                    &ExecuteMsg::Recall {
                        account,
                        asset,
                        amount,
                    },
                    vec![],
                )
            }
            80..87 => {
                let (asset, amount) = self.of_deposits(sight);
                let (_, to) = self.any_account();
                let account = self.own(sight);
                let message = ExecuteMsg::Transfer {
                    account,
                    to,
                    asset,
                    amount,
                };
                self.to_vault(sight.owner, &message, vec![])
            }
            87..93 => self.batch(mirror, sight),
            93..96 => {
                let assets = vec![self.any_asset().asset, self.any_asset().asset];
                self.to_vault(sight.owner, &ExecuteMsg::Accrue { assets }, vec![])
            }
            96..98 => {
                let account = sight.account.clone();
                self.to_vault("bob", &ExecuteMsg::WriteOff { account }, vec![])
            }
            _ => self.liquidate(sight.account.clone(), None),
        }
    }

    fn borrow(&mut self, mirror: &Mirror, sight: &Sight) -> Draft {
        let listed = self.borrowable(sight);
        let amount = self.most(mirror, sight, &listed.asset);
        let message = ExecuteMsg::Borrow {
            account: self.own(sight),
            asset: listed.asset,
            amount,
            to: None,
        };
        self.to_vault(sight.owner, &message, vec![])
    }

    /// Deposits a coin, lends a part of it, and borrows against it.
    fn batch(&mut self, mirror: &Mirror, sight: &Sight) -> Draft {
        let given = self.any_asset_of(|listed| !listed.asset.starts_with("cw20:"));
        let taken = self.borrowable(sight);
        let amount = self.some(&given);
        let actions = vec![
            Action::Deposit {
                asset: given.asset.clone(),
                amount: None,
                lend: None,
            },
            Action::Lend {
                asset: given.asset.clone(),
                amount: Some(Amount(amount.0 / 3)),
            },
            Action::Borrow {
                amount: self.most(mirror, sight, &taken.asset),
                asset: taken.asset,
                to: None,
            },
        ];
        let account = self.own(sight);
        let funds = vec![Coin::new(amount.0, given.asset)];
        self.to_vault(sight.owner, &ExecuteMsg::Batch { account, actions }, funds)
    }

    /// All feeders post the prices of all assets.
    fn posts(&mut self, mirror: &Mirror) -> Vec<Draft> {
        let falling = (self.round / SEASON) % 2 == 1;
        let in_future = self.rng.random_bool(0.04);
        let published_at = mirror.now() + if in_future { 1_000 } else { 0 };
        let mut prices = Vec::new();
        for (listed, first) in self.assets.iter_mut().zip(&self.first) {
            let step = match (listed.stable, falling) {
                (true, _) => self.rng.random_range(0.99..1.01),
                (false, true) => self.rng.random_range(0.75..0.95),
                (false, false) => self.rng.random_range(1.0..1.35),
            };
            listed.price = (listed.price * step).clamp(first * 0.2, first * 3.0);
            let text = format!("{:.6}", listed.price);
            prices.push(PostedPrice {
                asset: listed.asset.clone(),
                price: text.parse::<Price>().unwrap(),
                conf: None,
                published_at,
            });
        }
        let message = to_value(oracle::ExecuteMsg::PostPrices { prices }).unwrap();
        let feeders = ["feeder-1", "feeder-2", "feeder-3"].into_iter();
        let posts = feeders.map(|feeder| Draft {
            sender: feeder.into(),
            contract: self.places.oracle.clone(),
            message: message.clone(),
            funds: vec![],
        });
        posts.collect()
    }

    /// A liquidation of everybody who can be liquidated, most of the time.
    fn liquidations(&mut self, mirror: &Mirror) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for owner in OWNERS {
            for id in 0..ACCOUNTS {
                let account = AccountRef {
                    owner: self.address(owner),
                    id,
                };
                let query = QueryMsg::Margin {
                    account: account.clone(),
                };
                let margin: MarginResponse = mirror.smart(&self.places.vault, &query);
                let is_due = margin.status == Status::Liquidatable;
                if !is_due || self.rng.random_bool(0.3) {
                    continue;
                }
                let query = QueryMsg::LiquidationPlan {
                    account: account.clone(),
                };
                let planned: LiquidationPlanResponse = mirror.smart(&self.places.vault, &query);
                let Some(plan) = planned.plan else { continue };
                let share = *[0.3, 1.0, 1.5].choose(&mut self.rng).unwrap();
                let debt = (
                    plan.debt.asset,
                    share_of(plan.debt.amount, share),
                    plan.seize.asset,
                );
                drafts.push(self.liquidate(account, Some(debt)));
            }
        }
        drafts
    }

    fn liquidate(
        &mut self,
        account: AccountRef,
        planned: Option<(String, Amount, String)>,
    ) -> Draft {
        let (debt, amount, seize) = planned.unwrap_or_else(|| {
            let (debt, seize) = (self.any_asset(), self.any_asset());
            (debt.asset.clone(), self.some(&debt), seize.asset)
        });
        if let Some(token) = debt.strip_prefix("cw20:") {
            let hook = Cw20Hook::Liquidate {
                account,
                seize,
                min_seized: None,
                receive: None,
                to: None,
            };
            return self.send("keeper", token, amount, &hook);
        }
        let message = ExecuteMsg::Liquidate {
            account,
            seize,
            min_seized: None,
            receive: None,
            to: None,
            debt: None,
            callback: None,
        };
        self.to_vault("keeper", &message, vec![Coin::new(amount.0, debt)])
    }

    fn deposit(
        &self,
        sender: &str,
        account: Option<AccountRef>,
        asset: &str,
        amount: Amount,
        lend: Option<bool>,
    ) -> Draft {
        match asset.strip_prefix("cw20:") {
            Some(token) => self.send(sender, token, amount, &Cw20Hook::Deposit { account, lend }),
            None => {
                let funds = vec![Coin::new(amount.0, asset)];
                self.to_vault(sender, &ExecuteMsg::Deposit { account, lend }, funds)
            }
        }
    }

    fn repay(
        &self,
        sender: &str,
        account: Option<AccountRef>,
        asset: &str,
        amount: Amount,
    ) -> Draft {
        match asset.strip_prefix("cw20:") {
            Some(token) => self.send(sender, token, amount, &Cw20Hook::Repay { account }),
            None => {
                let funds = vec![Coin::new(amount.0, asset)];
                self.to_vault(sender, &ExecuteMsg::Repay { account }, funds)
            }
        }
    }

    fn send(&self, sender: &str, token: &str, amount: Amount, hook: &Cw20Hook) -> Draft {
        let message = bulwark_test_token::msg::ExecuteMsg::Send {
            contract: self.places.vault.clone(),
            amount: Uint128::new(amount.0),
            msg: to_json_binary(hook).unwrap(),
        };
        Draft {
            sender: sender.into(),
            contract: token.into(),
            message: to_value(&message).unwrap(),
            funds: vec![],
        }
    }

    fn to_vault(&self, sender: &str, message: &ExecuteMsg, funds: Vec<Coin>) -> Draft {
        Draft {
            sender: sender.into(),
            contract: self.places.vault.clone(),
            message: to_value(message).unwrap(),
            funds,
        }
    }

    fn address(&self, name: &str) -> String {
        let known = self.places.users.iter().find(|(user, _)| user == name);
        known.map(|(_, address)| address.clone()).unwrap()
    }

    fn any_account(&mut self) -> (&'static str, AccountRef) {
        let owner = *OWNERS.choose(&mut self.rng).unwrap();
        let id = self.rng.random_range(0..ACCOUNTS);
        let account = AccountRef {
            owner: self.address(owner),
            id,
        };
        (owner, account)
    }

    fn look(&mut self, mirror: &Mirror) -> Sight {
        let (owner, account) = self.any_account();
        let query = QueryMsg::Account {
            account: account.clone(),
        };
        let found: AccountResponse = mirror.smart(&self.places.vault, &query);
        Sight {
            owner,
            account,
            holdings: found.holdings,
        }
    }

    /// The account that is looked at; rarely somebody else's.
    fn own(&mut self, sight: &Sight) -> Option<AccountRef> {
        if self.rng.random_bool(0.04) {
            return Some(self.any_account().1);
        }
        Some(sight.account.clone())
    }

    fn any_asset(&mut self) -> Listed {
        self.any_asset_of(|_| true)
    }

    fn any_asset_of(&mut self, is_fit: impl Fn(&Listed) -> bool) -> Listed {
        let fit: Vec<&Listed> = self.assets.iter().filter(|listed| is_fit(listed)).collect();
        (*fit.choose(&mut self.rng).unwrap()).clone()
    }

    /// Most of the time an asset that the account has no deposit of.
    fn borrowable(&mut self, sight: &Sight) -> Listed {
        let is_deposit = |asset: &str| {
            let mut holdings = sight.holdings.iter();
            holdings.any(|holding| holding.asset == asset && holding.debt.is_zero())
        };
        let open: Vec<&Listed> = self
            .assets
            .iter()
            .filter(|listed| !is_deposit(&listed.asset))
            .collect();
        match open.choose(&mut self.rng) {
            Some(listed) if self.rng.random_bool(0.9) => (*listed).clone(),
            _ => self.any_asset(),
        }
    }

    /// Between half a dollar and 60,000, small ones as likely as large ones; rarely nothing.
    fn some(&mut self, listed: &Listed) -> Amount {
        if self.rng.random_bool(0.03) {
            return Amount(1);
        }
        let usd = self.rng.random_range(0.5_f64.ln()..60_000_f64.ln()).exp();
        units(listed, usd)
    }

    /// Up to what can be borrowed, and a little more.
    fn most(&mut self, mirror: &Mirror, sight: &Sight, asset: &str) -> Amount {
        let query = QueryMsg::MaxBorrow {
            account: sight.account.clone(),
            asset: asset.into(),
        };
        let most: AmountResponse = mirror.smart(&self.places.vault, &query);
        let share = *[0.3, 0.9, 0.999, 1.0, 1.05].choose(&mut self.rng).unwrap();
        share_of(most.amount, share)
    }

    /// Some of a deposit, most of the time one that is there.
    fn of_deposits(&mut self, sight: &Sight) -> (String, Option<Amount>) {
        let deposits: Vec<&AccountHolding> = sight
            .holdings
            .iter()
            .filter(|holding| holding.debt.is_zero())
            .collect();
        match deposits.choose(&mut self.rng) {
            Some(holding) if self.rng.random_bool(0.9) => {
                let parts = [
                    holding.idle,
                    holding.lent,
                    Amount(holding.idle.0 + holding.lent.0),
                ];
                let part = *parts.choose(&mut self.rng).unwrap();
                let share = *[0.2, 0.5, 1.0, 1.01].choose(&mut self.rng).unwrap();
                let amount = self.rng.random_bool(0.7).then(|| share_of(part, share));
                (holding.asset.clone(), amount)
            }
            _ => {
                let listed = self.any_asset();
                let amount = self.some(&listed);
                (listed.asset, Some(amount))
            }
        }
    }

    /// Some of a debt, most of the time one that is there.
    fn of_debts(&mut self, sight: &Sight) -> (String, Amount) {
        let debts: Vec<&AccountHolding> = sight
            .holdings
            .iter()
            .filter(|holding| !holding.debt.is_zero())
            .collect();
        match debts.choose(&mut self.rng) {
            Some(holding) if self.rng.random_bool(0.9) => {
                let share = *[0.2, 0.5, 1.0, 1.1].choose(&mut self.rng).unwrap();
                (holding.asset.clone(), share_of(holding.debt, share))
            }
            _ => {
                let listed = self.any_asset();
                let amount = self.some(&listed);
                (listed.asset, amount)
            }
        }
    }
}

/// At least one smallest unit: the chain sends no coins of nothing.
fn share_of(amount: Amount, share: f64) -> Amount {
    Amount(((amount.0 as f64 * share) as u128).max(1))
}

fn units(listed: &Listed, usd: f64) -> Amount {
    let units = usd / listed.price * 10f64.powi(i32::from(listed.decimals));
    Amount((units as u128).max(1))
}
