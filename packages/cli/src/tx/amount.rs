//! Amounts as they are written on a command line.

use std::collections::BTreeMap;

use bulwark_risk::units::{AMOUNT_LIMIT, Amount};
use bulwark_types::vault::AssetAmount;
use thiserror::Error;

/// Why an amount is not understood.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AmountError {
    /// It is not a number with an asset behind it.
    #[error("{text} is no amount: write 1500000uatom, a number of smallest units and the asset")]
    Form {
        /// What was written.
        text: String,
    },
    /// It has a point, and nobody said that it is in whole tokens.
    #[error("{text} has a point: amounts are smallest units; --whole takes whole tokens")]
    Point {
        /// What was written.
        text: String,
    },
    /// It has more decimals than the token.
    #[error("{text} has more than the {decimals} decimals of the token")]
    Decimals {
        /// What was written.
        text: String,
        /// The token's decimals.
        decimals: u8,
    },
    /// No market is listed for the asset.
    #[error("no market is listed for {asset}: see `bulwark market list`")]
    Unlisted {
        /// The asset.
        asset: String,
    },
    /// It is nothing, or more than there can be.
    #[error("{text} is not above zero and below 2^104 smallest units")]
    Range {
        /// What was written.
        text: String,
    },
}

/// How amounts are written, and what has to be known to read them.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Whether they are whole tokens, not smallest units.
    pub whole: bool,
    /// Decimals of every listed asset.
    pub decimals: BTreeMap<String, u8>,
}

/// An asset, and how much of it; everything if that is not said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Asset.
    pub asset: String,
    /// Smallest units.
    pub amount: Option<Amount>,
}

impl Reading {
    /// A number and an asset, such as `1500000uatom`.
    ///
    /// # Errors
    /// [`AmountError`].
    pub fn amount(&self, text: &str) -> Result<AssetAmount, AmountError> {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
        let form = || AmountError::Form { text: text.into() };
        let (number, asset) = text.split_at(end.ok_or_else(form)?);
        if number.is_empty() || !asset.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Err(form());
        }
        let decimals = self.decimals_of(asset)?;
        let (units, part) = match number.split_once('.') {
            None => (number, ""),
            Some(_) if !self.whole => return Err(AmountError::Point { text: text.into() }),
            Some((_, part)) if part.contains('.') || part.is_empty() => return Err(form()),
            Some(parts) => parts,
        };
        let digits = if self.whole {
            let width = usize::from(decimals);
            if part.len() > width {
                let text = text.into();
                return Err(AmountError::Decimals { text, decimals });
            }
            format!("{units}{part:0<width$}")
        } else {
            units.to_owned()
        };
        let amount = digits.parse().ok();
        let amount = amount.filter(|amount| (1..AMOUNT_LIMIT).contains(amount));
        Ok(AssetAmount {
            asset: asset.into(),
            amount: Amount(amount.ok_or_else(|| AmountError::Range { text: text.into() })?),
        })
    }

    /// The same, or an asset alone: everything of it.
    ///
    /// # Errors
    /// [`AmountError`].
    pub fn part(&self, text: &str) -> Result<Part, AmountError> {
        if text.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            let AssetAmount { asset, amount } = self.amount(text)?;
            let amount = Some(amount);
            return Ok(Part { asset, amount });
        }
        self.decimals_of(text)?;
        Ok(Part {
            asset: text.into(),
            amount: None,
        })
    }

    /// Decimals of an asset.
    ///
    /// # Errors
    /// [`AmountError::Unlisted`].
    pub fn decimals_of(&self, asset: &str) -> Result<u8, AmountError> {
        let decimals = self.decimals.get(asset).copied();
        decimals.ok_or_else(|| AmountError::Unlisted {
            asset: asset.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IBC: &str = "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2";

    fn reading(whole: bool) -> Reading {
        let decimals = [("uatom", 6), (IBC, 18), ("cw20:wasm1token", 0)];
        let decimals = decimals.map(|(asset, decimals)| (asset.to_owned(), decimals));
        Reading {
            whole,
            decimals: decimals.into(),
        }
    }

    fn units(text: &str, whole: bool) -> Result<u128, AmountError> {
        reading(whole).amount(text).map(|read| read.amount.0)
    }

    #[test]
    fn amounts_are_smallest_units() {
        assert_eq!(units("1500000uatom", false), Ok(1_500_000));
        let read = reading(false).amount(&format!("7{IBC}")).unwrap();
        assert_eq!((read.asset.as_str(), read.amount), (IBC, Amount(7)));
        let read = reading(false).amount("12cw20:wasm1token").unwrap();
        assert_eq!(read.asset, "cw20:wasm1token");
        let text = "1.5uatom".to_owned();
        assert_eq!(units("1.5uatom", false), Err(AmountError::Point { text }));
    }

    #[test]
    fn whole_tokens_have_the_tokens_decimals() {
        for (text, amount) in [
            ("1.5uatom", 1_500_000),
            ("1uatom", 1_000_000),
            ("0.000001uatom", 1),
            (".5uatom", 500_000),
            ("3cw20:wasm1token", 3),
        ] {
            assert_eq!(units(text, true), Ok(amount), "{text}");
        }
        for (text, decimals) in [("0.0000001uatom", 6), ("1.0cw20:wasm1token", 0)] {
            let written = text.to_owned();
            let refused = AmountError::Decimals {
                text: written,
                decimals,
            };
            assert_eq!(units(text, true), Err(refused));
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "",
            "uatom",
            "15",
            "1 uatom",
            "-1uatom",
            "1.uatom",
            "1.2.3uatom",
            "1e5uatom",
            "1,5uatom",
        ] {
            assert!(units(text, true).is_err(), "{text}");
        }
        for text in [
            "0uatom",
            "99999999999999999999999999999999uatom",
            "9999999999999999999999999999999999999999999uatom",
        ] {
            assert!(
                matches!(units(text, false), Err(AmountError::Range { .. })),
                "{text}"
            );
        }
        let asset = "uosmo".to_owned();
        assert_eq!(units("1uosmo", false), Err(AmountError::Unlisted { asset }));
    }

    #[test]
    fn an_asset_alone_is_all_of_it() {
        let part = reading(false).part("uatom").unwrap();
        assert_eq!((part.asset.as_str(), part.amount), ("uatom", None));
        let part = reading(false).part("5uatom").unwrap();
        assert_eq!(part.amount, Some(Amount(5)));
        assert!(reading(false).part("uosmo").is_err());
    }
}
