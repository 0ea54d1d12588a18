use bulwark_risk::RiskError;
use bulwark_types::wire::{WireError, wire};
use cosmwasm_std::{StdError, to_json_string};
use serde::Serialize;
use thiserror::Error;

/// Why a request has no answer, with the offending values. Names that the vault has too mean the
/// same here.
#[derive(Error, Serialize, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum EngineError {
    /// The request is not JSON, or not of the form that the function takes.
    #[error("{}", wire(self, "the request cannot be read"))]
    BadRequest {
        /// What is wrong with it.
        detail: String,
    },
    /// The basket has no market of an asset.
    #[error("{}", wire(self, "no market is listed for this asset"))]
    UnknownMarket {
        /// Asset.
        asset: String,
    },
    /// A market's group is not among those of the configuration.
    #[error("{}", wire(self, "the vault has no group of this name"))]
    UnknownGroup {
        /// Name of the group.
        group: String,
    },
    /// The basket has no price of an asset, or one of zero.
    #[error("{}", wire(self, "the oracle has no price of this asset"))]
    NoPrice {
        /// Asset.
        asset: String,
    },
    /// An asset is held twice: an account has one holding of each.
    #[error("{}", wire(self, "an asset stands in the basket twice"))]
    DuplicateHolding {
        /// Asset.
        asset: String,
    },
    /// What the arithmetic refuses.
    #[error("{}", wire(.0, .0))]
    #[serde(untagged)]
    Risk(RiskError),
}

/// Result of this crate.
pub type EngineResult<T> = Result<T, EngineError>;

impl From<Box<RiskError>> for EngineError {
    fn from(error: Box<RiskError>) -> Self {
        Self::Risk(*error)
    }
}

impl From<StdError> for EngineError {
    fn from(error: StdError) -> Self {
        let text = error.to_string();
        // The standard library names the kind of its error first.
        let detail = text.split_once("error: ").map_or(&*text, |(_, rest)| rest);
        Self::BadRequest {
            detail: detail.into(),
        }
    }
}

impl EngineError {
    /// `{"name": …, "sentence": …, "fields": {…}}`.
    pub(crate) fn json(&self) -> String {
        let text = self.to_string();
        let parts = WireError::find(&text);
        let (name, sentence, fields) = match &parts {
            Some(error) => (&*error.name, &*error.sentence, &*error.fields),
            // Every error displays in that form.
            None => ("bad_request", &*text, "{}"),
        };
        let sentence = to_json_string(sentence).unwrap_or_default();
        format!(r#"{{"name":"{name}","sentence":{sentence},"fields":{fields}}}"#)
    }
}
