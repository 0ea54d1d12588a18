//! What the contracts report: one typed event per change of state.
//!
//! Keepers and indexers parse the same types that the contracts emit. On a chain the type of
//! a contract's event carries the prefix `wasm-`.

use std::str::FromStr;

use bulwark_risk::units::{Amount, DebtShares, Fraction, Price, SupplyShares, Usd};
use cosmwasm_std::Event;
use thiserror::Error;

/// Why a chain's event is not the one asked for.
#[derive(Error, Clone, Debug, PartialEq, Eq)]
pub enum EventError {
    /// It has another type.
    #[error("the event {found} is not {expected}")]
    OtherType {
        /// The type asked for.
        expected: &'static str,
        /// The type found.
        found: String,
    },
    /// An attribute is missing.
    #[error("the event {event} has no attribute {attribute}")]
    Missing {
        /// Type of the event.
        event: &'static str,
        /// Name of the attribute.
        attribute: &'static str,
    },
    /// An attribute does not parse.
    #[error("the event {event} has {attribute} = {value}, which does not parse")]
    Malformed {
        /// Type of the event.
        event: &'static str,
        /// Name of the attribute.
        attribute: &'static str,
        /// Its value.
        value: String,
    },
}

/// What an event is and says, for whoever generates a client. A constant that contracts do not
/// name costs them nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventDescription {
    /// Type of the event, as the contract emits it.
    pub event_type: &'static str,
    /// What has happened when it is emitted.
    pub doc: &'static str,
    /// Its attributes, in their order.
    pub attributes: &'static [AttributeDescription],
}

/// What an attribute of an event says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttributeDescription {
    /// Name of the attribute.
    pub name: &'static str,
    /// Name of the Rust type whose displayed form its value is.
    pub value: &'static str,
    /// What it says.
    pub doc: &'static str,
}

macro_rules! events {
    ($($(#[doc = $doc:literal])* $name:ident = $type:literal {
        $($(#[doc = $field_doc:literal])* $field:ident: $field_type:ty,)*
    })*) => {
        /// Every event of every contract. Lines of documentation begin with a blank.
        pub const EVENTS: &[EventDescription] = &[$(EventDescription {
            event_type: $type,
            doc: concat!($($doc),*),
            attributes: &[$(AttributeDescription {
                name: stringify!($field),
                value: stringify!($field_type),
                doc: concat!($($field_doc),*),
            },)*],
        },)*];

        $(
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[doc = $field_doc])* pub $field: $field_type,)*
        }

        impl $name {
            /// Type of the event, as the contract emits it.
            pub const TYPE: &'static str = $type;
        }

        impl From<$name> for Event {
            fn from(event: $name) -> Self {
                Self::new($name::TYPE)
                    $(.add_attribute(stringify!($field), event.$field.to_string()))*
            }
        }

        impl TryFrom<&Event> for $name {
            type Error = EventError;

            fn try_from(event: &Event) -> Result<Self, EventError> {
                let found = event.ty.strip_prefix("wasm-").unwrap_or(&event.ty);
                if found != $name::TYPE {
                    return Err(EventError::OtherType {
                        expected: $name::TYPE,
                        found: event.ty.clone(),
                    });
                }
                Ok(Self {
                    $($field: attribute(event, $name::TYPE, stringify!($field))?,)*
                })
            }
        }
        )*
    };
}

fn attribute<T: FromStr>(
    event: &Event,
    event_type: &'static str,
    name: &'static str,
) -> Result<T, EventError> {
    let value = event
        .attributes
        .iter()
        .find(|attribute| attribute.key == name)
        .map(|attribute| attribute.value.as_str())
        .ok_or(EventError::Missing {
            event: event_type,
            attribute: name,
        })?;
    value.parse().map_err(|_| EventError::Malformed {
        event: event_type,
        attribute: name,
        value: value.into(),
    })
}

events! {
    /// An account was credited with tokens.
    Deposited = "bulwark-deposit" {
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        id: u16,
        /// Who paid.
        sender: String,
        /// Asset.
        asset: String,
        /// Smallest units received.
        amount: Amount,
        /// Part of it that repaid a debt of the account.
        repaid: Amount,
        /// Part of it that stays idle.
        idle: Amount,
        /// Supply shares that the rest bought.
        shares: SupplyShares,
    }

    /// Tokens left an account.
    Withdrawn = "bulwark-withdraw" {
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        id: u16,
        /// Who received the tokens.
        recipient: String,
        /// Asset.
        asset: String,
        /// Smallest units sent.
        amount: Amount,
        /// Part of it that had been idle.
        idle: Amount,
        /// Supply shares burned for the rest.
        shares: SupplyShares,
    }

    /// Idle deposits were lent to the pool.
    Lent = "bulwark-lend" {
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        id: u16,
        /// Asset.
        asset: String,
        /// Smallest units lent.
        amount: Amount,
        /// Supply shares bought.
        shares: SupplyShares,
    }

    /// Lent deposits came back from the pool.
    Recalled = "bulwark-recall" {
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        id: u16,
        /// Asset.
        asset: String,
        /// Smallest units recalled.
        amount: Amount,
        /// Supply shares burned.
        shares: SupplyShares,
    }

    /// An account borrowed.
    Borrowed = "bulwark-borrow" {
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        id: u16,
        /// Who received the tokens.
        recipient: String,
        /// Asset.
        asset: String,
        /// Smallest units borrowed.
        amount: Amount,
        /// Debt shares owed for them.
        shares: DebtShares,
    }

    /// A debt was repaid, in part or whole.
    Repaid = "bulwark-repay" {
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        id: u16,
        /// Who paid.
        sender: String,
        /// Asset.
        asset: String,
        /// Smallest units repaid.
        amount: Amount,
        /// Debt shares that are gone.
        shares: DebtShares,
        /// Smallest units sent back to the payer.
        refunded: Amount,
    }

    /// Deposits moved from one account to another.
    Transferred = "bulwark-transfer" {
        /// Owner of the account that gave.
        owner: String,
        /// Number of the account that gave.
        id: u16,
        /// Owner of the account that received.
        to_owner: String,
        /// Number of the account that received.
        to_id: u16,
        /// Asset.
        asset: String,
        /// Smallest units moved, lent ones at their value rounded down.
        amount: Amount,
        /// Part of it that was idle.
        idle: Amount,
        /// Supply shares moved.
        shares: SupplyShares,
        /// Part of it that repaid a debt of the receiving account.
        repaid: Amount,
    }

    /// A keeper repaid a debt and seized a deposit.
    Liquidated = "bulwark-liquidation" {
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        id: u16,
        /// Who repaid.
        keeper: String,
        /// Asset repaid.
        debt_asset: String,
        /// Smallest units repaid.
        repaid: Amount,
        /// Debt shares that are gone.
        debt_shares: DebtShares,
        /// Asset seized.
        deposit_asset: String,
        /// Smallest units seized, for the keeper and the reserve together.
        seized: Amount,
        /// Part of it that the keeper received as tokens.
        tokens: Amount,
        /// Supply shares that the keeper received for the rest.
        shares: SupplyShares,
        /// The reserve's part, in smallest units of the deposit.
        protocol_fee: Amount,
        /// Bonus per value repaid.
        bonus: Fraction,
        /// Value repaid, USD.
        repaid_value: Usd,
        /// Value of the bonus, the reserve's part included, USD.
        bonus_value: Usd,
        /// Whether the account was in distress.
        distressed: bool,
        /// Margin ratio afterwards; `unbounded` where no margin is required.
        ratio_after: String,
    }

    /// The liquidator sent a keeper what a liquidation by callback left of an asset.
    PaidOut = "bulwark-payout" {
        /// Who started the liquidation.
        keeper: String,
        /// Asset.
        asset: String,
        /// Smallest units.
        amount: Amount,
    }

    /// A debt that nobody will repay was written off.
    BadDebtAbsorbed = "bulwark-bad_debt" {
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        id: u16,
        /// Asset.
        asset: String,
        /// Smallest units written off.
        written_off: Amount,
        /// Debt shares that are gone.
        shares: DebtShares,
        /// Borne by the reserve.
        from_reserve: Amount,
        /// Borne by the suppliers.
        from_suppliers: Amount,
    }

    /// Dust that was left in an insolvent account went to the reserve.
    DustCollected = "bulwark-dust" {
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        id: u16,
        /// Asset.
        asset: String,
        /// Smallest units that had been idle.
        idle: Amount,
        /// Supply shares that the account had.
        shares: SupplyShares,
    }

    /// A target of a `liquidate_many` was passed over.
    LiquidationSkipped = "bulwark-skip" {
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        id: u16,
        /// Asset that would have been repaid.
        debt_asset: String,
        /// Asset that would have been seized.
        deposit_asset: String,
        /// Name of the error that `liquidate` would have answered with.
        reason: String,
    }

    /// An owner let somebody act for its accounts, or took that right away.
    OperatorMoved = "bulwark-operator" {
        /// Owner of the accounts.
        owner: String,
        /// Who may act, or no longer may.
        operator: String,
        /// Number of the account, or `all`.
        account: String,
        /// `granted` or `revoked`.
        action: String,
        /// Block time in seconds from which it no longer counts; 0 for never.
        expires: u64,
    }

    /// A batch called another contract.
    Called = "bulwark-call" {
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        id: u16,
        /// Who sent the batch.
        sender: String,
        /// The contract called.
        contract: String,
    }

    /// Interest was added to a market.
    Accrued = "bulwark-accrual" {
        /// Asset.
        asset: String,
        /// Smallest units added to debts and supply.
        interest: Amount,
        /// Supply shares minted to the reserve.
        reserve_shares: SupplyShares,
        /// Smallest units owed in all afterwards.
        borrowed: Amount,
        /// Smallest units supplied in all afterwards.
        supplied: Amount,
    }

    /// The owner took from a reserve.
    ReserveCollected = "bulwark-reserve" {
        /// Asset.
        asset: String,
        /// Who received the tokens.
        recipient: String,
        /// Smallest units sent.
        amount: Amount,
        /// Supply shares burned.
        shares: SupplyShares,
    }

    /// A market was listed or its configuration changed.
    MarketChanged = "bulwark-market" {
        /// Asset.
        asset: String,
        /// Number of the market.
        market: u16,
        /// `listed` or `updated`.
        action: String,
        /// Block time in seconds at which ramped parameters arrive.
        effective_at: u64,
    }

    /// A change of configuration was proposed, applied or cancelled.
    ChangeMoved = "bulwark-change" {
        /// Number of the change; 0 for one that took effect without waiting.
        change: u64,
        /// `proposed`, `applied` or `cancelled`.
        action: String,
        /// Block time in seconds from which it can be applied.
        ready_at: u64,
        /// Who sent the message.
        sender: String,
    }

    /// Ownership moved.
    OwnershipMoved = "bulwark-ownership" {
        /// `proposed`, `accepted` or `renounced`.
        action: String,
        /// The owner afterwards; empty if there is none.
        owner: String,
        /// The proposed owner afterwards; empty if there is none.
        pending: String,
    }

    /// Actions were paused or a pause was lifted.
    PauseMoved = "bulwark-pause" {
        /// Asset; empty for all.
        asset: String,
        /// The actions, joined by commas.
        actions: String,
        /// Block time in seconds at which the pause ends by itself; 0 when lifted.
        until: u64,
    }

    /// The oracle took in an observation.
    PriceMoved = "bulwark-price" {
        /// Asset.
        asset: String,
        /// Price in force, USD per whole token.
        mid: Price,
        /// Opening price of deposits.
        low: Price,
        /// Opening price of debts.
        high: Price,
        /// The observation, USD per whole token.
        observed: Price,
        /// Status of the feed afterwards.
        status: String,
        /// Seconds.
        published_at: u64,
    }

    /// The oracle asked a source of a feed.
    SourceAsked = "bulwark-source" {
        /// Asset.
        asset: String,
        /// Place of the source among the feed's, from 0.
        source: u8,
        /// `taken`, or why the source said nothing usable: `unreachable`, `malformed`,
        /// `out_of_range`, `future`, `stale` or `older`.
        outcome: String,
        /// What counts of the answer: a price in USD per whole token, or a redemption rate in
        /// base tokens per token, within its growth cap; 0 where nothing was taken.
        value: Price,
        /// As of when it is, in seconds; 0 where nothing was taken.
        as_of: u64,
    }

    /// A guardian halted a feed or resumed it.
    FeedHalted = "bulwark-halt" {
        /// Asset.
        asset: String,
        /// Block time in seconds at which the halt ends by itself; 0 when resumed.
        until: u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_emitted_parses_back_with_the_prefix_of_a_chain() {
        let lent = Lent {
            owner: "alice".into(),
            id: 3,
            asset: "ibc/AB".into(),
            amount: Amount(5),
            shares: SupplyShares(5_000_000),
        };
        let mut event = Event::from(lent.clone());
        assert_eq!(Lent::try_from(&event), Ok(lent.clone()));
        event.ty = format!("wasm-{}", event.ty);
        assert_eq!(Lent::try_from(&event), Ok(lent));
        assert!(matches!(
            Recalled::try_from(&event),
            Err(EventError::OtherType { .. })
        ));
        event
            .attributes
            .retain(|attribute| attribute.key != "shares");
        assert!(matches!(
            Lent::try_from(&event),
            Err(EventError::Missing { .. })
        ));
        let broken = event.add_attribute("shares", "-1");
        assert!(matches!(
            Lent::try_from(&broken),
            Err(EventError::Malformed { .. })
        ));
    }
}
