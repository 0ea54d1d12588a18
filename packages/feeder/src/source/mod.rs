//! Where observations come from.

pub mod document;
pub mod fault;
pub mod held;
pub mod http;
pub mod replay;

pub use fault::SourceError;
pub use held::Held;
pub use http::Http;
pub use replay::{Replay, row_in_force};

use crate::observation::Observation;

/// Where observations come from.
#[derive(Debug)]
pub enum Source {
    /// JSON documents of HTTP servers.
    Http(Http),
    /// A price file that is replayed.
    Replay(Box<Replay>),
}

/// What was seen of one asset, or why nothing was.
#[derive(Debug)]
pub struct Sight {
    /// Asset.
    pub asset: String,
    /// What was seen of it.
    pub seen: Result<Observation, SourceError>,
}

impl Source {
    /// Looks once, at every asset. Takes as long as the source and its retries do.
    pub async fn observe(&self) -> Vec<Sight> {
        match self {
            Self::Http(http) => http.observe().await,
            Self::Replay(replay) => replay.observe(),
        }
    }

    /// The row of a price file that is in force, counted from 0.
    #[must_use]
    pub fn row(&self) -> Option<usize> {
        match self {
            Self::Http(_) => None,
            Self::Replay(replay) => Some(replay.row_now()),
        }
    }

    /// Whether it will never see anything new.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        match self {
            Self::Http(_) => false,
            Self::Replay(replay) => replay.has_ended(),
        }
    }
}
