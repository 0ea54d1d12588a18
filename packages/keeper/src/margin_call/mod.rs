//! Accounts below their initial margin: who is told, when, and what would help.
//!
//! [`MarginCalls`] says what there is to be told after each block, once per crossing: an account
//! that was called is called again only after it has recovered, by more than a hair. What it
//! remembers stands in a file, together with what could not be told yet, so that a restart neither
//! loses nor repeats anything; a notice that is told twice nevertheless has the same id.

mod cure;
mod desk;
mod file;
mod memory;
mod notice;
mod webhook;

use std::collections::{BTreeMap, VecDeque};

use bulwark_types::events::Liquidated;
use bulwark_types::vault::{AccountRef, MarginResponse, QueryMsg};
use serde::{Deserialize, Serialize};

use crate::book::{AccountId, Book, BookResult, Moment, Native};
use crate::config::MarginCallConfig;
use crate::scan::Found;
pub use cure::{Cure, MarginCall, cures_of, margin_calls};
pub use desk::Desk;
pub use file::append;
pub use memory::Memory;
pub use notice::{Liquidation, Margin, Notice, Occasion};
pub use webhook::{Delivery, Outbox, deliver};

/// Liquidations that are remembered, so that none is told again when blocks are read again after a
/// crash.
const REMEMBERED: usize = 1_000;

/// The accounts that were called.
#[derive(Debug, Default)]
pub struct MarginCalls {
    known: BTreeMap<AccountId, Called>,
    /// Read from the file, and not looked up in the book yet.
    unseen: Vec<(AccountRef, Stage)>,
    /// Ids of the notices of the last liquidations.
    liquidations: VecDeque<String>,
}

/// An account that was called.
#[derive(Debug)]
struct Called {
    /// Tells whether its number means another account by now.
    key: Vec<u8>,
    account: AccountRef,
    stage: Stage,
}

/// What its owner was told last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// That it is below its initial margin.
    Called,
    /// That anyone may liquidate it.
    Liquidatable,
}

impl MarginCalls {
    /// Those that were called before a restart.
    #[must_use]
    pub fn resume(called: Vec<(AccountRef, Stage)>) -> Self {
        Self {
            unseen: called,
            ..Self::default()
        }
    }

    /// With the notices of liquidations that were told before a restart, by their ids.
    #[must_use]
    pub fn having_told(self, liquidations: VecDeque<String>) -> Self {
        Self {
            liquidations,
            ..self
        }
    }

    /// Ids of the notices of the last liquidations, for the file.
    #[must_use]
    pub const fn liquidations(&self) -> &VecDeque<String> {
        &self.liquidations
    }

    /// The accounts that were called, for the file.
    #[must_use]
    pub fn called(&self) -> Vec<(AccountRef, Stage)> {
        let known = self.known.values();
        let known = known.map(|called| (called.account.clone(), called.stage));
        known.chain(self.unseen.iter().cloned()).collect()
    }

    /// What there is to be told after a block in which these accounts were found and liquidated.
    ///
    /// # Errors
    /// If the vault's records do not load.
    pub fn after(
        &mut self,
        book: &Book,
        moment: Moment,
        found: &Found,
        liquidated: &[Liquidated],
        config: &MarginCallConfig,
    ) -> BookResult<Vec<Notice>> {
        let native = book.at(moment);
        let mut teller = Teller {
            book,
            native,
            moment,
            notices: Vec::new(),
        };
        self.look_up(&mut teller);
        self.forget_the_gone(&mut teller);
        for event in liquidated {
            self.liquidated(&mut teller, event)?;
        }
        let mut left = config.per_block;
        for id in &found.liquidatable {
            if left > 0 && self.advance(&mut teller, *id, Stage::Liquidatable)? {
                left -= 1;
            }
        }
        for id in &found.margin_calls {
            if left > 0 && self.advance(&mut teller, *id, Stage::Called)? {
                left -= 1;
            }
        }
        self.recovered(&mut teller, found, config)?;
        Ok(teller.notices)
    }

    /// Finds the accounts of the file in the book.
    fn look_up(&mut self, teller: &mut Teller<'_>) {
        for (account, stage) in std::mem::take(&mut self.unseen) {
            let id = teller.book.find(&account);
            let key = id.and_then(|id| teller.book.key(id));
            match (id, key) {
                (Some(id), Some(key)) => {
                    let key = key.to_vec();
                    let called = Called {
                        key,
                        account,
                        stage,
                    };
                    self.known.insert(id, called);
                }
                _ => teller.tell(Occasion::Recovered, &account, None),
            }
        }
    }

    /// An account without a record owes nothing.
    fn forget_the_gone(&mut self, teller: &mut Teller<'_>) {
        self.known.retain(|id, called| {
            let stays = teller.book.key(*id) == Some(&called.key);
            if !stays {
                teller.tell(Occasion::Recovered, &called.account, None);
            }
            stays
        });
    }

    fn liquidated(&mut self, teller: &mut Teller<'_>, event: &Liquidated) -> BookResult<()> {
        let notice_id = id_of(event);
        if self.liquidations.contains(&notice_id) {
            return Ok(());
        }
        self.liquidations.push_back(notice_id.clone());
        if self.liquidations.len() > REMEMBERED {
            self.liquidations.pop_front();
        }
        let account = AccountRef {
            owner: event.owner.clone(),
            id: event.id,
        };
        let margin = teller.margin(&account)?;
        let cures = teller.cures(margin.as_ref())?;
        // What it falls below next is news again.
        if let Some(id) = teller.book.find(&account) {
            if let Some(called) = self.known.get_mut(&id) {
                called.stage = Stage::Called;
            }
        }
        teller.tell(Occasion::Liquidated, &account, margin.as_ref());
        if let Some(notice) = teller.notices.last_mut() {
            notice.id = notice_id;
            notice.cures = cures;
            notice.liquidation = Some(event.into());
        }
        Ok(())
    }

    /// An account has got so far. Says whether that was news.
    fn advance(
        &mut self,
        teller: &mut Teller<'_>,
        id: AccountId,
        stage: Stage,
    ) -> BookResult<bool> {
        let occasion = match (self.known.get(&id).map(|called| called.stage), stage) {
            (Some(Stage::Liquidatable), _) | (Some(Stage::Called), Stage::Called) => {
                return Ok(false);
            }
            (_, Stage::Called) => Occasion::MarginCall,
            (_, Stage::Liquidatable) => Occasion::Liquidatable,
        };
        let (Some(key), Some(account)) = (teller.book.key(id), teller.book.account(id)) else {
            return Ok(false);
        };
        let account = AccountRef::from(&account);
        let Some(margin) = teller.margin(&account)? else {
            return Ok(false);
        };
        let cures = teller.cures(Some(&margin))?;
        teller.tell(occasion, &account, Some(&margin));
        if let Some(notice) = teller.notices.last_mut() {
            notice.cures = cures;
        }
        let called = Called {
            key: key.to_vec(),
            account,
            stage,
        };
        self.known.insert(id, called);
        Ok(true)
    }

    /// Accounts that are above their initial margin again, by enough.
    fn recovered(
        &mut self,
        teller: &mut Teller<'_>,
        found: &Found,
        config: &MarginCallConfig,
    ) -> BookResult<()> {
        let is_low = |id: &AccountId| {
            let lists = [&found.margin_calls, &found.liquidatable, &found.unvaluable];
            lists.iter().any(|list| list.binary_search(id).is_ok())
        };
        let mut recovered = Vec::new();
        for (id, called) in self.known.iter().filter(|(id, _)| !is_low(id)) {
            let margin = teller.margin(&called.account)?;
            let enough = margin.as_ref().is_some_and(|margin| {
                let wanted = margin.initial.mul_ceil(config.recovery);
                let wanted =
                    wanted.map_or(i128::MAX, |more| margin.initial.0.saturating_add(more.0));
                margin.debts.is_zero() || margin.equity_open.0 >= wanted
            });
            if enough {
                recovered.push((*id, margin));
            }
        }
        for (id, margin) in recovered {
            if let Some(called) = self.known.remove(&id) {
                teller.tell(Occasion::Recovered, &called.account, margin.as_ref());
            }
        }
        Ok(())
    }
}

/// The same whenever a liquidation is read: one account can be liquidated several times in a block,
/// and several blocks can be read together. Where as much is repaid and seized again later, prices are
/// others.
fn id_of(event: &Liquidated) -> String {
    let Liquidated {
        owner,
        id,
        repaid,
        seized,
        debt_shares,
        repaid_value,
        ratio_after,
        ..
    } = event;
    let kind = Occasion::Liquidated.name();
    format!("{owner}/{id}:{kind}:{repaid}-{seized}-{debt_shares}-{repaid_value}-{ratio_after}")
}

/// Who writes notices.
struct Teller<'a> {
    book: &'a Book,
    native: Native<'a>,
    moment: Moment,
    notices: Vec<Notice>,
}

impl Teller<'_> {
    /// How an account stands; none if it cannot be valued.
    fn margin(&self, account: &AccountRef) -> BookResult<Option<MarginResponse>> {
        let message = QueryMsg::Margin {
            account: account.clone(),
        };
        match self.native.query(message) {
            Ok(margin) => Ok(Some(margin)),
            Err(crate::book::BookError::Vault(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What would cure an account; nothing where it needs no cure, or is gone.
    fn cures(&self, margin: Option<&MarginResponse>) -> BookResult<Vec<Cure>> {
        let account = margin.map(|margin| &margin.account);
        let id = account.and_then(|account| self.book.find(account));
        let key = id.and_then(|id| self.book.account(id));
        key.map_or(Ok(Vec::new()), |key| cures_of(self.book, self.moment, &key))
    }

    fn tell(&mut self, kind: Occasion, account: &AccountRef, margin: Option<&MarginResponse>) {
        let Moment { seconds, height } = self.moment;
        let AccountRef { owner, id } = account;
        self.notices.push(Notice {
            id: format!("{owner}/{id}@{height}:{}", kind.name()),
            kind,
            account: account.clone(),
            height,
            time: seconds,
            margin: margin.map(Margin::from),
            cures: Vec::new(),
            liquidation: None,
        });
    }
}
