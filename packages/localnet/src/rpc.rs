//! The one question that is asked of a node here: how far it is.

use std::time::Duration;

use serde::Deserialize;

/// A node on this machine answers at once, or is busy starting.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
struct Answer {
    result: Status,
}

#[derive(Deserialize)]
struct Status {
    sync_info: SyncInfo,
}

#[derive(Deserialize)]
struct SyncInfo {
    latest_block_height: String,
}

/// The latest block of the node whose RPC is on this port; none if it does not answer (yet).
pub(crate) fn height(port: u16) -> Option<u64> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .build()
        .into();
    let mut response = agent.get(address(port) + "/status").call().ok()?;
    let text = response.body_mut().read_to_string().ok()?;
    let answer: Answer = serde_json::from_str(&text).ok()?;
    answer.result.sync_info.latest_block_height.parse().ok()
}

pub(crate) fn address(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}
