//! Compares the book with the chain: what there is only so much of each time, and of accounts and
//! grants, which anybody can add to, as many as can be afforded, so that all of them have their turn.

use std::collections::VecDeque;
use std::fmt;

use super::error::MirrorResult;
use super::layout::{self, Stretch, digits};
use super::{Difference, Mirror};
use crate::book::{Book, BookError};

/// A record that was not as the chain has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// What it was, and what it is.
    pub difference: Difference,
    /// It was right at this height, or at none that is known.
    pub since: Option<u64>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            contract,
            key,
            ours,
            chain,
        } = self;
        let value = |value: &Option<Vec<u8>>| {
            let value = value.as_deref().map(digits);
            value.unwrap_or_else(|| "nothing".into())
        };
        let (key, ours, chain) = (digits(key), value(ours), value(chain));
        write!(f, "{contract} {key}: had {ours}, the chain has {chain}")
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.difference)?;
        self.since
            .map_or(Ok(()), |since| write!(f, ", since {since} or later"))
    }
}

/// What a verification has found.
#[derive(Debug)]
pub struct Verification {
    /// Height at which book and chain were compared.
    pub height: u64,
    /// Records compared.
    pub compared: u64,
    /// What was different; the book has the chain's now.
    pub drifts: Vec<Drift>,
    /// What one endpoint tells, and no more others than tell what the book has: that stays.
    pub disputed: Vec<Difference>,
    /// Whether all accounts and grants have had their turn with this.
    pub ends_round: bool,
    /// Records that the book does not take.
    pub refused: Vec<BookError>,
}

/// Where verification is.
#[derive(Debug, Default)]
pub struct Round {
    /// What has not had its turn; everything at first.
    left: VecDeque<Stretch>,
    /// Height at which this round began, and the last one.
    began: Option<u64>,
    before: Option<u64>,
    /// Height of the last verification.
    last: Option<u64>,
}

impl Mirror {
    /// Compares the book with the chain, and takes the chain's where they differ. Another endpoint than
    /// the one that is followed is asked, if there is one, and where it tells something else than the
    /// book has, all of them are. Everything is read before anything is compared: after an error, or when it is dropped, nothing has happened, and
    /// the same accounts have their turn again. It asks for no more pages than hold all that is bounded
    /// and [`super::Options::accounts_verified`] accounts or grants.
    ///
    /// # Errors
    /// [`crate::mirror::MirrorError::Unsettled`]; [`crate::mirror::MirrorError::Chain`], also if no
    /// node has the state of [`Mirror::height`] any more.
    pub async fn verify(&mut self, book: &mut Book) -> MirrorResult<Verification> {
        self.assert_settled()?;
        self.settle(book).await?;
        let mut reader = self.reader.clone();
        reader.client = reader.client.others_first();
        let site = reader.site(book.deployment(), self.height);
        let mut bounded = Vec::new();
        for stretch in layout::bounded() {
            bounded.push(site.window(stretch, usize::MAX).await?.0);
        }
        let mut left = self.round.left.clone();
        if left.is_empty() {
            left.extend(layout::unbounded());
        }
        let (mut others, mut affordable) = (Vec::new(), self.options.accounts_verified.max(1));
        while affordable > 0 {
            let Some(stretch) = left.pop_front() else {
                break;
            };
            let (window, rest) = site.window(stretch, affordable).await?;
            affordable = affordable.saturating_sub(window.records.len());
            others.push(window);
            if let Some(rest) = rest {
                left.push_front(rest);
            }
        }

        let mut differences = Vec::new();
        for (windows, since) in [(&bounded, self.round.last), (&others, self.round.before)] {
            let found = windows.iter().flat_map(|window| window.differences(book));
            differences.extend(found.map(|difference| (difference, since)));
        }
        let (differences, disputed) = site.confirmed(differences).await;
        let (mut drifts, mut refused) = (Vec::new(), Vec::new());
        for (difference, since) in differences {
            let Difference {
                contract,
                key,
                chain,
                ..
            } = &difference;
            if let Err(error) = book.apply(*contract, key, chain.as_deref()) {
                refused.push(error);
            }
            drifts.push(Drift { difference, since });
        }
        let windows = bounded.iter().chain(&others);
        let compared = windows.map(|window| window.records.len() as u64).sum();

        let began = self.round.began.unwrap_or(self.height);
        let ends_round = left.is_empty();
        self.round = Round {
            left,
            began: (!ends_round).then_some(began),
            before: if ends_round {
                Some(began)
            } else {
                self.round.before
            },
            last: Some(self.height),
        };
        let (height, count) = (self.height, drifts.len() as u64);
        self.reader.health.change(|health| {
            health.verified_at = Some(height);
            health.drifts += count;
        });
        Ok(Verification {
            height,
            compared,
            drifts,
            disputed,
            ends_round,
            refused,
        })
    }
}
