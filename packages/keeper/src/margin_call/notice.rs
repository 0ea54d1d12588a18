//! What is told about an account.

use bulwark_risk::account::Status;
use bulwark_risk::units::Usd;
use bulwark_types::events::Liquidated;
use bulwark_types::vault::{AccountRef, AssetAmount, MarginResponse};
use serde::{Deserialize, Serialize};

use super::cure::Cure;

/// What is told about an account. In JSON amounts, values and ratios are text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// The same for the same occasion, however often it is told.
    pub id: String,
    /// The occasion.
    pub kind: Occasion,
    /// The account.
    pub account: AccountRef,
    /// The block in which it was noticed.
    pub height: u64,
    /// Its time, Unix seconds.
    pub time: u64,
    /// How the account stands; none if it is gone.
    pub margin: Option<Margin>,
    /// What would lift it to its initial margin again as of the block: each of these by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cures: Vec<Cure>,
    /// What was repaid and seized.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub liquidation: Option<Liquidation>,
}

/// Why somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// It fell below its initial margin.
    MarginCall,
    /// It fell below its maintenance margin: anyone may liquidate it.
    Liquidatable,
    /// Somebody liquidated it.
    Liquidated,
    /// It meets its initial margin again, or owes nothing any more.
    Recovered,
}

impl Occasion {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::MarginCall,
        Self::Liquidatable,
        Self::Liquidated,
        Self::Recovered,
    ];

    /// As in JSON and in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MarginCall => "margin_call",
            Self::Liquidatable => "liquidatable",
            Self::Liquidated => "liquidated",
            Self::Recovered => "recovered",
        }
    }
}

/// How an account stands, USD.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Margin {
    /// Status.
    pub status: Status,
    /// Deposits less debts at mid prices.
    pub equity: Usd,
    /// The same at opening prices: this has to cover the initial margin.
    pub equity_open: Usd,
    /// Initial margin.
    pub initial: Usd,
    /// Maintenance margin.
    pub maintenance: Usd,
    /// Equity over maintenance margin; none where no margin is required.
    pub margin_ratio: Option<Usd>,
    /// What it owes.
    pub debts: Usd,
}

impl From<&MarginResponse> for Margin {
    fn from(margin: &MarginResponse) -> Self {
        Self {
            status: margin.status,
            equity: margin.equity,
            equity_open: margin.equity_open,
            initial: margin.initial,
            maintenance: margin.maintenance,
            margin_ratio: margin.margin_ratio,
            debts: margin.debts,
        }
    }
}

/// What a liquidation did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Liquidation {
    /// Who repaid.
    pub keeper: String,
    /// What was repaid.
    pub repaid: AssetAmount,
    /// What was seized.
    pub seized: AssetAmount,
    /// Value repaid, USD.
    pub repaid_value: Usd,
    /// Value of the bonus, USD.
    pub bonus_value: Usd,
}

impl From<&Liquidated> for Liquidation {
    fn from(event: &Liquidated) -> Self {
        let of = |asset: &String, amount| AssetAmount {
            asset: asset.clone(),
            amount,
        };
        Self {
            keeper: event.keeper.clone(),
            repaid: of(&event.debt_asset, event.repaid),
            seized: of(&event.deposit_asset, event.seized),
            repaid_value: event.repaid_value,
            bonus_value: event.bonus_value,
        }
    }
}
