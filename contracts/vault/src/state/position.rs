//! A holding as stored: the market's number times four plus the kind of balance, and then the one
//! or two numbers of the balance. Every message reads and most write all holdings of an account.

use std::fmt;

use bulwark_risk::units::{Amount, DebtShares, SupplyShares};
use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A holding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Number of the market.
    pub market: u16,
    /// What is held or owed.
    pub balance: Balance,
}

/// A deposit or a debt, never both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Balance {
    /// Owned.
    Deposit {
        /// Never lent, in smallest units.
        idle: Amount,
        /// Lent to the pool.
        lent: SupplyShares,
    },
    /// Owed to the pool.
    Debt(DebtShares),
}

impl Balance {
    /// Whether nothing is owned or owed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        match self {
            Self::Deposit { idle, lent } => idle.is_zero() && lent.is_zero(),
            Self::Debt(shares) => shares.is_zero(),
        }
    }
}

/// Kinds of balances.
const IDLE: u32 = 0;
const LENT: u32 = 1;
const BOTH: u32 = 2;
const OWED: u32 = 3;

impl Serialize for Position {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, first, second) = match self.balance {
            Balance::Deposit { idle, lent } if lent.is_zero() => (IDLE, idle.0, None),
            Balance::Deposit { idle, lent } if idle.is_zero() => (LENT, lent.0, None),
            Balance::Deposit { idle, lent } => (BOTH, idle.0, Some(lent.0)),
            Balance::Debt(shares) => (OWED, shares.0, None),
        };
        let tag = u32::from(self.market) << 2 | kind;
        let mut tuple = serializer.serialize_tuple(3)?;
        tuple.serialize_element(&tag)?;
        tuple.serialize_element(&first)?;
        if let Some(second) = second {
            tuple.serialize_element(&second)?;
        }
        tuple.end()
    }
}

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_tuple(3, PositionVisitor)
    }
}

struct PositionVisitor;

impl<'de> Visitor<'de> for PositionVisitor {
    type Value = Position;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a market with the kind of balance, and its numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Position, A::Error> {
        let missing = || A::Error::custom("a position ends too early");
        let tag: u32 = parts.next_element()?.ok_or_else(missing)?;
        let mut number = || parts.next_element()?.ok_or_else(missing);
        let market = u16::try_from(tag >> 2).map_err(A::Error::custom)?;
        let first = number()?;
        let balance = match tag & 3 {
            IDLE => Balance::Deposit {
                idle: Amount(first),
                lent: SupplyShares::ZERO,
            },
            LENT => Balance::Deposit {
                idle: Amount::ZERO,
                lent: SupplyShares(first),
            },
            BOTH => Balance::Deposit {
                idle: Amount(first),
                lent: SupplyShares(number()?),
            },
            _ => Balance::Debt(DebtShares(first)),
        };
        Ok(Position { market, balance })
    }
}

#[cfg(test)]
mod tests {
    use bulwark_types::packed::{pack, unpack};

    use super::*;

    #[test]
    fn every_kind_of_balance_comes_back_in_few_bytes() {
        let deposit = |idle, lent| Balance::Deposit {
            idle: Amount(idle),
            lent: SupplyShares(lent),
        };
        for (market, balance, bytes) in [
            (0, deposit(0, 0), 2),
            (31, deposit(100, 0), 2),
            (32, deposit(0, 127), 3),
            (u16::MAX, deposit(1, u128::MAX), 3 + 1 + 19),
            (7, Balance::Debt(DebtShares(300)), 3),
        ] {
            let position = Position { market, balance };
            let packed = pack(&position).unwrap();
            assert_eq!(packed.len(), bytes, "{position:?}");
            assert_eq!(unpack::<Position>(&packed).unwrap(), position);
        }
    }

    #[test]
    fn other_bytes_are_refused() {
        let beyond = pack(&((u32::from(u16::MAX) + 1) << 2, 5_u128)).unwrap();
        assert!(unpack::<Position>(&beyond).is_err(), "no such market");
        let both = pack(&(BOTH, 5_u128)).unwrap();
        assert!(unpack::<Position>(&both).is_err(), "a number is missing");
        let idle = pack(&(IDLE, 5_u128, 6_u128)).unwrap();
        assert!(unpack::<Position>(&idle).is_err(), "a number too many");
    }
}
