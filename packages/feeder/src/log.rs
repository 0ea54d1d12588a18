//! A round in the log.

use bulwark_chain::ChainError;

use crate::feeder::Round;

/// Logs what happened in a round: what was posted, why not, what failed. What goes its usual way
/// is logged for debugging only.
pub fn log(round: &Result<Round, ChainError>) {
    let round = match round {
        Ok(round) => round,
        Err(error) => {
            tracing::error!(%error, "the chain cannot be asked; tried again");
            return;
        }
    };
    for (asset, error) in &round.unseen {
        tracing::warn!(asset, %error, "not seen");
    }
    for posts in &round.posts {
        let feeder = posts.feeder.as_str();
        for (asset, skip) in &posts.skipped {
            if skip.is_usual() {
                tracing::debug!(feeder, asset, reason = %skip, "not posted");
            } else {
                tracing::warn!(feeder, asset, reason = %skip, "not posted");
            }
        }
        for (asset, error) in &posts.refused {
            tracing::warn!(feeder, asset, %error, "not posted: the oracle would refuse it");
        }
        if let Some(error) = &posts.failed {
            tracing::error!(feeder, prices = posts.due.len(), %error, "post failed");
            continue;
        }
        for due in &posts.due {
            let (asset, price) = (due.price.asset.as_str(), due.price.price);
            let (why, published_at) = (due.why, due.price.published_at);
            match &posts.included {
                Some(included) => {
                    let (hash, height) = (included.hash.as_str(), included.height);
                    tracing::info!(
                        feeder, asset, %price, published_at, %why, row = round.row, hash, height,
                        "posted"
                    );
                }
                None => tracing::info!(
                    feeder, asset, %price, published_at, %why, row = round.row,
                    "would be posted"
                ),
            }
        }
    }
}
