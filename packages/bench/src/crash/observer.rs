//! Follows the chain beside the keeper, and notes when accounts fall below their maintenance margin,
//! and when they are liquidated.

use std::collections::{BTreeMap, BTreeSet};

use bulwark_chain::Client;
use bulwark_chain::events::typed;
use bulwark_keeper::book::{AccountId, Book, Moment};
use bulwark_keeper::mirror::{HealthView, Mirror, Options};
use bulwark_keeper::plan::{Costs, Inventory, SkipReason, plan};
use bulwark_keeper::scan::Scan;
use bulwark_localnet::market::Replay;
use bulwark_risk::units::Amount;
use bulwark_types::events::{BadDebtAbsorbed, Liquidated};
use bulwark_types::vault::AccountRef;
use cosmwasm_std::Addr;

use super::report::IN_TIME;
use crate::error::BenchResult;

/// Blocks after the last price in which everything has to be over.
const AFTERMATH: u64 = 15;

/// What happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Blocks.
    pub blocks: u64,
    /// How often an account fell below its maintenance margin.
    pub fell: usize,
    /// Accounts that did, once or more often.
    pub accounts: BTreeSet<AccountRef>,
    /// Liquidations.
    pub liquidations: usize,
    /// By the number of blocks from that in which an account fell, or was liquidated before and was
    /// left below, to that in which it was liquidated: liquidations.
    pub blocks_until: BTreeMap<u64, usize>,
    /// How often an account was above again before anybody liquidated it, by blocks.
    pub recovered: BTreeMap<u64, usize>,
    /// Accounts whose bad debt was absorbed.
    pub absorbed: usize,
    /// Accounts that are below at the end, and how many blocks they were.
    pub left: BTreeMap<AccountRef, u64>,
    /// What a keeper with the same costs and all tokens of the world would have done about accounts
    /// when their time was over: why it would have left them alone, or [`LIQUIDATE`].
    pub late: BTreeMap<String, usize>,
}

/// There was no reason to leave an account alone.
pub const LIQUIDATE: &str = "liquidate";

/// Follows the chain.
pub struct Observer {
    mirror: Mirror,
    book: Book,
    scan: Scan,
    /// What happened so far.
    pub seen: Seen,
    /// Accounts that are below, and the block since which.
    since: BTreeMap<AccountRef, u64>,
    inventory: Inventory,
    costs: Costs,
}

impl Observer {
    /// Begins with the chain as it is, and judges by what the keeper has to pay.
    pub async fn new(client: Client, vault: &str, costs: Costs) -> BenchResult<Self> {
        let nowhere = Options::default();
        let view = HealthView::default();
        let (mirror, book) = Mirror::open(client, vault, nowhere, view, &mut |_| {}).await?;
        Ok(Self {
            mirror,
            book,
            scan: Scan::new(),
            seen: Seen::default(),
            since: BTreeMap::new(),
            inventory: boundless(&costs),
            costs,
        })
    }

    /// Watches until the path has ended, and for some blocks more.
    pub async fn watch(
        &mut self,
        replay: &Replay,
        progress: &mut impl FnMut(&str),
    ) -> BenchResult<()> {
        let (rows, mut told) = (replay.table.steps(), 0);
        let mut ended = None;
        loop {
            let height = self.block().await?;
            let row = replay.row_now() + 1;
            if row * 20 / rows > told {
                told = row * 20 / rows;
                let Seen {
                    fell, liquidations, ..
                } = &self.seen;
                progress(&format!(
                    "row {row} of {rows}, block {height}: {fell} fell, {liquidations} liquidations, {} below now",
                    self.since.len()
                ));
            }
            if row >= rows && height >= *ended.get_or_insert(height) + AFTERMATH {
                return Ok(());
            }
        }
    }

    /// Watches the blocks that there are, and says who is left.
    pub async fn catch_up(&mut self) -> BenchResult<()> {
        let newest = self.mirror.client().latest_block().await?.height;
        let mut height = self.mirror.height();
        while height < newest {
            height = self.block().await?;
        }
        let left = self.since.iter();
        self.seen.left = left
            .map(|(account, since)| (account.clone(), height - since))
            .collect();
        Ok(())
    }

    async fn block(&mut self) -> BenchResult<u64> {
        let changes = self.mirror.next(&mut self.book).await?;
        self.mirror.settle(&mut self.book).await?;
        let height = changes.height;
        self.seen.blocks += 1;
        let liquidations = typed::<Liquidated>(&changes.events)?.into_iter();
        let liquidated: Vec<AccountRef> = liquidations
            .map(|event| AccountRef {
                owner: event.owner,
                id: event.id,
            })
            .collect();
        for account in &liquidated {
            self.seen.liquidations += 1;
            // One that fell and was liquidated in the same block was never seen below.
            let since = self.since.insert(account.clone(), height);
            let blocks = height - since.unwrap_or(height);
            *self.seen.blocks_until.entry(blocks).or_default() += 1;
        }
        let absorbed = typed::<BadDebtAbsorbed>(&changes.events)?;
        self.seen.absorbed += absorbed.len();

        let moment = Moment {
            seconds: changes.time,
            height,
        };
        let found = self.scan.update(&mut self.book, moment)?;
        let below = found.liquidatable.iter();
        let below: BTreeMap<AccountRef, AccountId> = below
            .filter_map(|id| Some((AccountRef::from(&self.book.account(*id)?), *id)))
            .collect();
        self.since.retain(|account, since| {
            let stays = below.contains_key(account);
            if !stays && !liquidated.contains(account) {
                *self.seen.recovered.entry(height - *since).or_default() += 1;
            }
            stays
        });
        for (account, id) in below {
            match self.since.get(&account) {
                None => {
                    self.seen.fell += 1;
                    self.seen.accounts.insert(account.clone());
                    self.since.insert(account, height);
                }
                Some(since) if height - since == IN_TIME + 1 => {
                    *self.seen.late.entry(self.why(id, moment)?).or_default() += 1;
                }
                Some(_) => {}
            }
        }
        Ok(height)
    }

    /// Why nothing is done about an account: the reason's name, and what the vault says to it.
    fn why(&self, id: AccountId, moment: Moment) -> BenchResult<String> {
        let plan = plan(&self.book, moment, &[id], &self.inventory, &self.costs)?;
        let Some(skipped) = plan.skipped.first() else {
            return Ok(LIQUIDATE.to_owned());
        };
        let name = skipped.reason.name();
        Ok(match &skipped.reason {
            SkipReason::Unvaluable { error } | SkipReason::Refused { error } => {
                format!("{name}: {error}")
            }
            _ => name.to_owned(),
        })
    }
}

/// More of everything that is kept than anybody owes.
fn boundless(costs: &Costs) -> Inventory {
    let nobody = Inventory::new(Addr::unchecked("observer"));
    costs.kept.iter().fold(nobody, |inventory, asset| {
        inventory.with(asset, Amount(u128::from(u64::MAX)))
    })
}
