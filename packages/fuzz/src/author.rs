//! Writes one message after the other: chance chooses what kind, and the look at the world makes
//! most of them valid.

use std::collections::VecDeque;

use bulwark_risk::units::Amount;
use bulwark_testing::hook_of;
use bulwark_types::oracle;
use bulwark_types::token::{CW20_PREFIX, Cw20ReceiveMsg};
use bulwark_types::vault::{AccountRef, ExecuteMsg};
use cosmwasm_std::{Coin, to_json_binary};

use crate::act::Act;
use crate::dice::Dice;
use crate::draw;
use crate::prices::Prices;
use crate::sight::Sight;
use crate::stage::{Asset, IDS, OWNERS, STRANGER, Stage};

/// Draws one kind of message; none where the world does not offer it now.
pub type Draw = fn(&mut Author, &Sight<'_>) -> Option<Act>;

/// Attempts to draw something, of which any may find nothing to do.
const ATTEMPTS: u32 = 20;

/// Writes messages.
pub struct Author {
    /// Chance.
    pub dice: Dice,
    /// Who and what there is.
    pub cast: Cast,
    /// Where prices are going.
    pub prices: Prices,
    /// What has been decided already.
    pub queue: VecDeque<Act>,
    /// For so many messages keepers are busy: prices have fallen.
    pub alarm: u32,
    /// Messages to come until the end of the run.
    pub left: u64,
}

/// Addresses of everybody and everything.
pub struct Cast {
    /// Owners of accounts.
    pub owners: Vec<String>,
    /// Somebody without accounts.
    pub stranger: String,
    /// Who liquidates.
    pub keeper: String,
    /// The owner of both contracts, and another who takes over at times.
    pub governors: [String; 2],
    /// Who pauses.
    pub guardian: String,
    /// Who posts.
    pub feeders: Vec<String>,
    /// The vault.
    pub vault: String,
    /// The oracle.
    pub oracle: String,
    /// The caller.
    pub caller: String,
    /// A keeper's contract without inventory.
    pub keeper_contract: String,
    /// A contract that does what it was told.
    pub mischief: String,
    /// What tells redemption rates.
    pub sources: String,
    /// A token that misbehaves at times.
    pub rogue: String,
    /// Pools: address and both assets.
    pub pools: Vec<(String, String, String)>,
    /// Markets from the beginning.
    pub assets: Vec<Asset>,
}

impl Author {
    /// An author for a stage.
    #[must_use]
    pub fn new(seed: u64, stage: &Stage, steps: u64) -> Self {
        Self {
            dice: Dice::new(seed),
            cast: Cast::of(stage),
            prices: Prices::of(&stage.assets),
            queue: VecDeque::new(),
            alarm: 0,
            left: steps,
        }
    }

    /// What happens next.
    pub fn next(&mut self, sight: &Sight<'_>) -> Act {
        self.left = self.left.saturating_sub(1);
        self.alarm = self.alarm.saturating_sub(1);
        if let Some(decided) = self.queue.pop_front() {
            return decided;
        }
        for _ in 0..ATTEMPTS {
            let draws = draw::all();
            let weights = draws
                .clone()
                .map(|(weight, keeping, _)| if self.alarm > 0 { keeping } else { weight });
            let drawn = self
                .dice
                .weighted(weights)
                .and_then(|at| draws.clone().nth(at))
                .and_then(|(_, _, draw)| draw(self, sight));
            if let Some(act) = drawn {
                return act;
            }
        }
        Act::Wait(6)
    }

    /// Any account of the owners'.
    pub fn account(&mut self) -> AccountRef {
        let owner = self.dice.pick(&self.cast.owners).cloned();
        AccountRef {
            owner: owner.unwrap_or_default(),
            id: self.dice.between(0, u64::from(IDS) - 1) as u16,
        }
    }

    /// An account with something in it, if there is one.
    pub fn busy_account(&mut self, sight: &Sight<'_>) -> Option<AccountRef> {
        let is_owners = |account: &&AccountRef| self.cast.owners.contains(&account.owner);
        let all: Vec<&AccountRef> = sight.ledger.accounts.keys().filter(is_owners).collect();
        self.dice.pick(&all).map(|account| (*account).clone())
    }

    /// Who acts for an account: its owner, or now and then an operator.
    pub fn actor(&mut self, sight: &Sight<'_>, account: &AccountRef) -> String {
        if self.dice.chance(50) {
            if let Some(operator) = self.dice.pick(&sight.operators(account)) {
                return operator.clone();
            }
        }
        account.owner.clone()
    }

    /// Any market.
    pub fn market(&mut self, sight: &Sight<'_>) -> Option<u16> {
        self.dice.pick(&sight.markets()).copied()
    }

    /// A message to the vault without funds.
    pub fn plain(sender: impl Into<String>, message: ExecuteMsg) -> Act {
        Self::with(sender, message, vec![])
    }

    /// A message to the vault with funds.
    pub fn with(sender: impl Into<String>, message: ExecuteMsg, funds: Vec<Coin>) -> Act {
        Act::Vault {
            sender: sender.into(),
            message: Box::new(message),
            funds,
        }
    }

    /// A message of the vault with one payment: a coin, or tokens with its hook.
    pub fn paying(
        sender: impl Into<String>,
        asset: &str,
        amount: Amount,
        message: ExecuteMsg,
    ) -> Option<Act> {
        match asset.strip_prefix(CW20_PREFIX) {
            None => {
                let funds = vec![Coin::new(amount.0, asset)];
                Some(Self::with(sender, message, funds))
            }
            Some(token) => {
                let received = Cw20ReceiveMsg {
                    sender: sender.into(),
                    amount: amount.0.into(),
                    msg: to_json_binary(&hook_of(message).ok()?).ok()?,
                };
                Some(Self::plain(token, ExecuteMsg::Receive(received)))
            }
        }
    }

    /// A message to the oracle.
    pub fn to_oracle(sender: impl Into<String>, message: oracle::ExecuteMsg) -> Act {
        Act::Oracle {
            sender: sender.into(),
            message: Box::new(message),
        }
    }
}

impl Cast {
    fn of(stage: &Stage) -> Self {
        let world = &stage.world;
        let address = |name: &str| world.address(name).into_string();
        let pools = stage.pools.iter().map(|pool| {
            let (one, other) = pool.assets.clone();
            (pool.address.to_string(), one, other)
        });
        Self {
            owners: OWNERS.map(address).to_vec(),
            stranger: address(STRANGER),
            keeper: address("keeper"),
            governors: [address("owner"), address("heir")],
            guardian: address("guardian"),
            feeders: world.feeders().iter().map(ToString::to_string).collect(),
            vault: world.vault().to_string(),
            oracle: world.oracle().to_string(),
            caller: world.caller().to_string(),
            keeper_contract: stage.keeper.to_string(),
            mischief: stage.mischief.to_string(),
            sources: stage.sources.to_string(),
            rogue: stage.rogue.clone(),
            pools: pools.collect(),
            assets: stage.assets.clone(),
        }
    }
}
