//! The configuration file as it is written.

use std::collections::BTreeMap;
use std::path::PathBuf;

use bulwark_risk::units::{Fraction, Price};
use serde::Deserialize;

use crate::source::document::TimeUnit;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) network: PathBuf,
    pub(super) oracle: Option<String>,
    pub(super) keyring: Option<PathBuf>,
    pub(super) keys: Vec<String>,
    #[serde(default = "interval")]
    pub(super) interval: u64,
    #[serde(default = "heartbeat")]
    pub(super) heartbeat: u64,
    #[serde(default = "deviation")]
    pub(super) deviation: Fraction,
    #[serde(default = "max_age")]
    pub(super) max_age: u64,
    pub(super) http: Option<HttpFile>,
    pub(super) replay: Option<ReplayFile>,
    pub(super) assets: Vec<AssetFile>,
}

/// How HTTP sources are asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct HttpFile {
    pub(super) timeout: u64,
    pub(super) attempts: u32,
    pub(super) backoff: u64,
    /// Header names, each with the environment variable that holds its value.
    pub(super) headers: BTreeMap<String, String>,
}

impl Default for HttpFile {
    fn default() -> Self {
        Self {
            timeout: 5,
            attempts: 3,
            backoff: 1,
            headers: BTreeMap::new(),
        }
    }
}

/// A price file that is replayed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplayFile {
    pub(super) file: PathBuf,
    #[serde(default = "speed")]
    pub(super) speed: u32,
    pub(super) began: Option<u64>,
    #[serde(default)]
    pub(super) ends: bool,
}

/// An asset; what it does not say of its rule stands above.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AssetFile {
    pub(super) asset: String,
    pub(super) symbol: Option<String>,
    pub(super) url: Option<String>,
    pub(super) price: Option<String>,
    pub(super) conf: Option<String>,
    pub(super) time: Option<String>,
    #[serde(default)]
    pub(super) time_unit: TimeUnit,
    #[serde(default)]
    pub(super) exponent: i32,
    pub(super) min: Option<Price>,
    pub(super) max: Option<Price>,
    pub(super) heartbeat: Option<u64>,
    pub(super) deviation: Option<Fraction>,
    pub(super) max_age: Option<u64>,
}

const fn interval() -> u64 {
    5
}

const fn heartbeat() -> u64 {
    40
}

const fn deviation() -> Fraction {
    Fraction::basis_points(50)
}

const fn max_age() -> u64 {
    60
}

const fn speed() -> u32 {
    1
}
