//! What scenarios say instead of addresses, account references and smallest units.

use bulwark_risk::units::Amount;
use bulwark_types::vault::AccountRef;
use bulwark_types::wire::WireError;
use cosmwasm_std::{Decimal256, Uint256};

use crate::error::scenario_error;

/// An account by the name of its owner: `"alice"` is her account 0, `("alice", 1)` her next.
/// An address works in place of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Name or address of the owner.
    pub owner: String,
    /// Number of the account.
    pub id: u16,
}

impl From<&str> for Account {
    fn from(owner: &str) -> Self {
        (owner, 0).into()
    }
}

impl From<&String> for Account {
    fn from(owner: &String) -> Self {
        (owner.as_str(), 0).into()
    }
}

impl From<(&str, u16)> for Account {
    fn from((owner, id): (&str, u16)) -> Self {
        Self {
            owner: owner.into(),
            id,
        }
    }
}

impl From<&AccountRef> for Account {
    fn from(account: &AccountRef) -> Self {
        (account.owner.as_str(), account.id).into()
    }
}

impl From<AccountRef> for Account {
    fn from(account: AccountRef) -> Self {
        (&account).into()
    }
}

/// How much of an asset: `5` and `"0.25"` are whole tokens, `Amount(7)` is smallest units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Whole tokens, in decimal notation.
    Tokens(String),
    /// Smallest units.
    Units(Amount),
}

impl From<u32> for Quantity {
    fn from(tokens: u32) -> Self {
        Self::Tokens(tokens.to_string())
    }
}

impl From<&str> for Quantity {
    fn from(tokens: &str) -> Self {
        Self::Tokens(tokens.into())
    }
}

impl From<Amount> for Quantity {
    fn from(amount: Amount) -> Self {
        Self::Units(amount)
    }
}

impl Quantity {
    /// Smallest units of a token with `decimals`, rounded down.
    ///
    /// # Errors
    /// For text that is no decimal number, or beyond 128 bits.
    pub fn units(&self, decimals: u8) -> Result<Amount, WireError> {
        let tokens = match self {
            Self::Units(amount) => return Ok(*amount),
            Self::Tokens(tokens) => tokens,
        };
        let refused = || scenario_error(format_args!("{tokens} is no number of tokens"));
        let decimal: Decimal256 = tokens.parse().map_err(|_| refused())?;
        let scale = Uint256::from(10u128).checked_pow(decimals.into());
        let units = scale
            .and_then(|scale| scale.checked_mul(decimal.atomics()))
            .map_err(|_| refused())?
            .checked_div(Uint256::from(10u128.pow(18)))
            .map_err(|_| refused())?;
        cosmwasm_std::Uint128::try_from(units)
            .map(|units| Amount(units.u128()))
            .map_err(|_| refused())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_whole_tokens_unless_they_say_units() {
        let units = |quantity: Quantity| quantity.units(6).unwrap();
        assert_eq!(units(5.into()), Amount(5_000_000));
        assert_eq!(units("0.25".into()), Amount(250_000));
        assert_eq!(units("0.0000019".into()), Amount(1));
        assert_eq!(units(Amount(7).into()), Amount(7));
        assert_eq!(Quantity::from("2").units(0).unwrap(), Amount(2));
        let error = Quantity::from("two").units(6).unwrap_err();
        assert!(error.sentence.contains("two"), "{error:?}");
    }
}
