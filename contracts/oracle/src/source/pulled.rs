//! What the sources that are asked have said, as stored.

use bulwark_types::oracle::{FailedPull, Feed, Source, SourceFailure, SourceReading};
use cosmwasm_std::QuerierWrapper;
use serde::{Deserialize, Serialize};

use super::redemption::{self, Rate};
use super::{Observation, pyth};

/// What a source said last, and whether it failed since. Stored for every source of a feed in
/// their order; of those that are not asked it stays empty.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq)]
pub struct Pulled {
    /// The last answer that was taken.
    pub last: Option<Answer>,
    /// The failure, if the source failed when it was asked last.
    pub failure: Option<FailedPull>,
}

/// An answer that was taken.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// Of a market source.
    Price(Observation),
    /// Of a redemption rate.
    Rate(Rate),
}

impl Pulled {
    /// The price, if a market source has told one.
    pub const fn price(&self) -> Option<&Observation> {
        match &self.last {
            Some(Answer::Price(observation)) => Some(observation),
            _ => None,
        }
    }

    /// The rate, if one has been told.
    pub const fn rate(&self) -> Option<&Rate> {
        match &self.last {
            Some(Answer::Rate(rate)) => Some(rate),
            _ => None,
        }
    }

    /// Asks the source anew. A failure leaves what it said before, which counts until it is too
    /// old by itself.
    ///
    /// # Errors
    /// The failure, which is kept here too.
    pub fn ask(
        &mut self,
        querier: QuerierWrapper<'_>,
        source: &Source,
        feed: &Feed,
        now: u64,
    ) -> Result<Answer, SourceFailure> {
        let told = match source {
            Source::Pyth { contract, feed_id } => {
                pyth::ask(querier, contract, feed_id, feed, self.price(), now).map(Answer::Price)
            }
            Source::RedemptionRate(source) => {
                redemption::ask(querier, source, self.rate(), now).map(Answer::Rate)
            }
            Source::Posted {} | Source::Fixed { .. } => Err(SourceFailure::Unreachable),
        };
        match told {
            Ok(answer) => {
                *self = Self {
                    last: Some(answer),
                    failure: None,
                }
            }
            Err(reason) => self.failure = Some(FailedPull { reason, at: now }),
        }
        told
    }
}

/// What the sources of a feed have said, after the feed was replaced: who is asked the same as
/// before keeps its last word, above all the anchor of a rate.
pub fn carried_over(before: &Feed, pulled: &[Pulled], after: &Feed) -> Vec<Pulled> {
    let last_of = |source: &Source| {
        let asked = before.sources.iter().zip(pulled);
        let mut same = asked.filter(|(old, _)| old.asks_as(source));
        same.next().map(|(_, pulled)| *pulled).unwrap_or_default()
    };
    after.sources.iter().map(last_of).collect()
}

impl From<&Observation> for SourceReading {
    fn from(observation: &Observation) -> Self {
        Self::Price {
            price: observation.price,
            conf: observation.conf,
            published_at: observation.published_at,
        }
    }
}

impl From<&Answer> for SourceReading {
    fn from(answer: &Answer) -> Self {
        match answer {
            Answer::Price(observation) => observation.into(),
            Answer::Rate(rate) => Self::Rate {
                told: rate.told,
                counted: rate.counted,
                as_of: rate.as_of,
                anchor_rate: rate.anchor.rate,
                anchor_at: rate.anchor.at,
            },
        }
    }
}
