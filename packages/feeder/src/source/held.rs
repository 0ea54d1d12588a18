//! Prices that somebody holds: they are posted in place of a price file's, on test networks.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use bulwark_risk::units::Price;
use bulwark_types::oracle::PRICE_LIMIT;
use serde::{Deserialize, Serialize};

use super::SourceError;

/// Prices by asset, USD per whole token. As a file: `{"<asset>": "<price>"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Held(pub BTreeMap<String, Price>);

impl Held {
    /// What a file holds; nothing if there is none.
    ///
    /// # Errors
    /// [`SourceError::Held`] for a file that cannot be read, and for a price that no oracle takes.
    pub fn read(path: &Path) -> Result<Self, SourceError> {
        let refused = |detail: String| SourceError::Held {
            path: path.display().to_string(),
            detail,
        };
        let text = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            text => text.map_err(|error| refused(error.to_string()))?,
        };
        let held: Self = serde_json::from_str(&text).map_err(|error| refused(error.to_string()))?;
        let absurd = |price: &Price| price.is_zero() || *price > PRICE_LIMIT;
        match held.0.iter().find(|(_, price)| absurd(price)) {
            None => Ok(held),
            Some((asset, price)) => Err(refused(format!("{price} USD is no price of {asset}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_held_where_there_is_no_file_and_nothing_absurd_ever() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("held.json");
        assert_eq!(Held::read(&path).unwrap(), Held::default());
        std::fs::write(&path, r#"{"uatom": "6.5"}"#).unwrap();
        let held = Held::read(&path).unwrap();
        assert_eq!(held.0["uatom"].to_string(), "6.5");
        for refused in [
            "{",
            r#"{"uatom": "0"}"#,
            r#"{"uatom": "-1"}"#,
            r#"{"uatom": "1000000000001"}"#,
            r#"{"uatom": "much"}"#,
        ] {
            std::fs::write(&path, refused).unwrap();
            let error = Held::read(&path).unwrap_err();
            assert!(matches!(error, SourceError::Held { .. }), "{error}");
            assert!(error.to_string().contains("held.json"), "{error}");
        }
    }
}
