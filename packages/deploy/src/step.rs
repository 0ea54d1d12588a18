//! The steps of a plan.

use std::fmt;

use bulwark_risk::units::Price;
use bulwark_types::oracle::Feed;
use bulwark_types::vault::{MarketListing, MarketUpdate, OracleMode, ParametersUpdate};
use serde::{Deserialize, Serialize};

use crate::diff::Difference;

/// One of the contracts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The oracle.
    Oracle,
    /// The caller.
    Caller,
    /// The vault.
    Vault,
    /// The liquidator, which a deployment may go without.
    Liquidator,
}

impl Kind {
    /// All of them, in the order in which they are created.
    pub const ALL: [Self; 4] = [Self::Oracle, Self::Caller, Self::Vault, Self::Liquidator];

    /// Whether it keeps nothing between two transactions: nobody can migrate it, and a newer one is
    /// another one.
    #[must_use]
    pub const fn keeps_nothing(self) -> bool {
        matches!(self, Self::Caller | Self::Liquidator)
    }

    /// What it is called in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Oracle => "oracle",
            Self::Caller => "caller",
            Self::Vault => "vault",
            Self::Liquidator => "liquidator",
        }
    }

    /// What it is called on the chain in the deployment of this name; a lost address is found again by it.
    #[must_use]
    pub fn label(self, deployment: &str) -> String {
        format!("{deployment}-{}", self.name())
    }

    /// The file with its wasm.
    #[must_use]
    pub fn file(self) -> String {
        format!("bulwark_{}.wasm", self.name())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One thing to do. Addresses of contracts are looked up when it is done: some are known only
/// after earlier steps.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum Step {
    /// Stores code.
    Store {
        /// Which contract.
        contract: Kind,
        /// SHA-256 of its wasm.
        checksum: String,
    },
    /// Creates a contract, owned by the deployer for now.
    Instantiate {
        /// Which contract.
        contract: Kind,
    },
    /// Gives a contract newer code.
    Migrate {
        /// Which contract.
        contract: Kind,
        /// SHA-256 of the code that it has.
        from: String,
        /// SHA-256 of the code that it gets.
        to: String,
    },
    /// Sets up or changes a feed.
    SetFeed {
        /// Asset.
        asset: String,
        /// How it is priced.
        feed: Feed,
    },
    /// Replaces the feeders.
    UpdateFeeders {
        /// Who may post.
        feeders: Vec<String>,
        /// How many fresh posts make a price.
        quorum: u8,
    },
    /// Changes the oracle's roles and delay.
    UpdateOracle {
        /// Its guardian.
        guardian: Option<String>,
        /// Seconds that changes wait.
        owner_delay: Option<u64>,
    },
    /// Posts first prices in a feeder's name.
    PostPrices {
        /// Asset and USD per whole token.
        prices: Vec<(String, Price)>,
    },
    /// Asks the sources that are asked for first prices.
    Refresh {
        /// Assets.
        assets: Vec<String>,
    },
    /// Has the vault read the oracle of this deployment.
    UseOracle {
        /// How it is read.
        mode: OracleMode,
    },
    /// Has the vault call through the caller of this deployment.
    UseCaller {},
    /// Changes the vault's parameters.
    UpdateParameters {
        /// What changes.
        update: ParametersUpdate,
    },
    /// Lists a market.
    ListMarket {
        /// The market.
        listing: MarketListing,
    },
    /// Changes a market.
    UpdateMarket {
        /// Asset.
        asset: String,
        /// What changes.
        update: MarketUpdate,
    },
    /// Carries out a change that has waited.
    Apply {
        /// Which contract.
        contract: Kind,
        /// The change's number.
        change: u64,
        /// What it does.
        what: String,
    },
    /// Proposes the new owner.
    ProposeOwner {
        /// Which contract.
        contract: Kind,
        /// Who is proposed.
        owner: String,
    },
    /// The proposed owner accepts.
    AcceptOwner {
        /// Which contract.
        contract: Kind,
    },
    /// Hands over who may migrate a contract.
    UpdateAdmin {
        /// Which contract.
        contract: Kind,
        /// Who may.
        admin: String,
    },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store { contract, checksum } => {
                write!(f, "store the code of the {contract}, checksum {checksum}")
            }
            Self::Instantiate { contract } => write!(f, "create the {contract}"),
            Self::Migrate { contract, to, .. } => {
                write!(f, "migrate the {contract} to the code with checksum {to}")
            }
            Self::SetFeed { asset, .. } => write!(f, "set the feed of {asset}"),
            Self::UpdateFeeders { feeders, quorum } => {
                let count = feeders.len();
                write!(f, "let {count} feeders post, {quorum} of whom make a price")
            }
            Self::UpdateOracle { .. } => write!(f, "change the oracle's guardian or delay"),
            Self::PostPrices { prices } => {
                write!(f, "post first prices of")?;
                prices
                    .iter()
                    .try_for_each(|(asset, _)| write!(f, " {asset}"))
            }
            Self::Refresh { assets } => {
                write!(f, "ask the sources of {}", assets.join(" "))
            }
            Self::UseOracle { .. } => write!(f, "have the vault read this oracle"),
            Self::UseCaller {} => write!(f, "have the vault call through this caller"),
            Self::UpdateParameters { .. } => write!(f, "change the vault's parameters"),
            Self::ListMarket { listing } => write!(f, "list the market of {}", listing.asset),
            Self::UpdateMarket { asset, .. } => write!(f, "change the market of {asset}"),
            Self::Apply {
                contract,
                change,
                what,
            } => write!(f, "apply change {change} of the {contract}: {what}"),
            Self::ProposeOwner { contract, owner } => {
                write!(f, "propose {owner} as owner of the {contract}")
            }
            Self::AcceptOwner { contract } => write!(f, "accept the {contract}"),
            Self::UpdateAdmin { contract, admin } => {
                write!(f, "let {admin} migrate the {contract}")
            }
        }
    }
}

/// A step with who has to send it and what it changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Planned {
    /// What to do.
    #[serde(flatten)]
    pub step: Step,
    /// Address that has to send it.
    pub sender: String,
    /// Seconds that the change waits before it can be applied; 0 for at once. What only
    /// tightens never waits.
    pub waits: u64,
    /// What it changes or brings, value by value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Difference>,
}
