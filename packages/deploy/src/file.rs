//! The deployment file: what is wanted, in the contracts' own terms. Amounts are in smallest
//! units, prices and fractions decimal numbers in quotes. Fields that are not known are refused.
//!
//! `packages/cli/deploy/` has documented examples.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bulwark_risk::config::Bounds;
use bulwark_risk::haircut::AssetRisk;
use bulwark_risk::interest::InterestModel;
use bulwark_risk::units::{Fraction, Price};
use bulwark_types::oracle::Feed;
use bulwark_types::vault::{FamilyListing, Limits, MarketListing, OracleMode, Parameters};
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::error::{DeployError, DeployResult};
use crate::template::Template;

/// What is wanted. Where somebody is named, it is by an address or by the name of a key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// What the contracts' labels begin with. Contracts that the address file does not name are
    /// found by label and deployer: each deployment of the same deployer on one chain needs a
    /// name of its own.
    #[serde(default = "default_name")]
    pub name: String,
    /// Who does what.
    pub roles: Roles,
    /// The oracle.
    pub oracle: OracleSettings,
    /// The vault.
    pub vault: VaultSettings,
    /// The liquidator, for keepers without inventory; none is created unless this stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub liquidator: Option<LiquidatorSettings>,
    /// Feeds and markets. A family's base and the base of a redemption rate need not come
    /// before what is based on them.
    #[serde(default)]
    pub assets: Vec<Asset>,
}

/// The name of a deployment that has none.
pub const NAME: &str = "bulwark";

/// Characters of a name: labels have limits.
const LONGEST_NAME: usize = 40;

fn default_name() -> String {
    NAME.into()
}

/// Who does what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    /// Stores the code, creates the contracts, and owns them until everything is set up.
    pub deployer: String,
    /// Owns the contracts afterwards; it has to accept that.
    pub owner: String,
    /// Can pause, halt and cancel changes.
    pub guardian: Option<String>,
    /// Can migrate vault and oracle; the owner unless named. Nobody can migrate caller and
    /// liquidator.
    pub admin: Option<String>,
}

/// The oracle's own settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OracleSettings {
    /// Who posts prices.
    pub feeders: Vec<String>,
    /// How many fresh posts make a price.
    pub quorum: u8,
    /// Seconds that changes wait once everything is set up.
    pub owner_delay: u64,
}

/// The liquidator has no settings: it serves the vault of its deployment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiquidatorSettings {}

/// The vault's own settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaultSettings {
    /// How it reads the oracle.
    pub oracle_mode: OracleMode,
    /// Names of the groups; fixed for good.
    pub groups: Vec<String>,
    /// Limits of every configuration; fixed for good.
    pub bounds: Bounds,
    /// A market's caps are at most this multiple of its liquidity; fixed for good.
    pub cap_multiple: Fraction,
    /// Seconds for which an unpriced deposit keeps its value; fixed for good.
    pub unpriced_grace: u64,
    /// What can be changed. Its `owner_delay` is in force once everything is set up.
    pub parameters: Parameters,
}

/// An asset: how it is priced, and its market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// A bank denom, or `cw20:<address>`.
    pub asset: String,
    /// Price with which it is listed, USD per whole token, posted in the name of the feeders
    /// whose keys are there. Without it the feeders themselves have to post first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_price: Option<Price>,
    /// How it is priced.
    pub feed: Feed,
    /// Its market; none for an asset that is only priced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market: Option<Market>,
}

/// A market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Market {
    /// Decimals of the token.
    pub decimals: u8,
    /// How it belongs to a family; fixed for good.
    pub family: FamilyListing,
    /// Its own risk parameters.
    pub risk: AssetRisk,
    /// How the borrow rate depends on utilisation.
    pub interest: InterestModel,
    /// Part of the interest that goes to the reserve.
    pub reserve_factor: Fraction,
    /// Limits.
    pub limits: Limits,
    /// Whether it can be deposited.
    pub deposit_enabled: bool,
    /// Whether it can be borrowed.
    pub borrow_enabled: bool,
}

impl Market {
    /// The message that lists it.
    #[must_use]
    pub fn listing(&self, asset: &str) -> MarketListing {
        let market = self.clone();
        MarketListing {
            asset: asset.into(),
            decimals: market.decimals,
            family: market.family,
            risk: market.risk,
            interest: market.interest,
            reserve_factor: market.reserve_factor,
            limits: market.limits,
            deposit_enabled: market.deposit_enabled,
            borrow_enabled: market.borrow_enabled,
        }
    }
}

impl From<MarketListing> for Market {
    fn from(listing: MarketListing) -> Self {
        Self {
            decimals: listing.decimals,
            family: listing.family,
            risk: listing.risk,
            interest: listing.interest,
            reserve_factor: listing.reserve_factor,
            limits: listing.limits,
            deposit_enabled: listing.deposit_enabled,
            borrow_enabled: listing.borrow_enabled,
        }
    }
}

impl Deployment {
    /// Reads a file.
    ///
    /// # Errors
    /// [`DeployError::File`]; [`DeployError::DeploymentFile`] with what is wrong with it.
    pub fn read(path: &Path) -> DeployResult<Self> {
        let text = fs::read_to_string(path).map_err(|error| DeployError::File {
            path: path.to_owned(),
            error,
        })?;
        Self::parse(&text).map_err(|error| DeployError::DeploymentFile {
            path: path.to_owned(),
            error: Box::new(error),
        })
    }

    /// Parses a file's text. The tables `template.feed` and `template.market` give what a feed
    /// or market of the file does not name itself.
    ///
    /// # Errors
    /// [`DeployError::Form`], [`DeployError::Table`], [`DeployError::Duplicate`],
    /// [`DeployError::Name`].
    pub fn parse(text: &str) -> DeployResult<Self> {
        let mut table: Table = toml::from_str(text)?;
        let template = match table.remove("template") {
            Some(template) => read_table::<Template>("template", template)?,
            None => Template::default(),
        };
        let assets = match table.remove("assets") {
            Some(assets) => read_table::<Vec<Table>>("assets", assets)?,
            None => Vec::new(),
        };
        let mut deployment: Self = Value::Table(table).try_into()?;
        if !is_label(&deployment.name) {
            let name = deployment.name;
            return Err(DeployError::Name { name });
        }
        let mut seen = BTreeSet::new();
        for (number, asset) in assets.into_iter().enumerate() {
            let named = asset.get("asset").and_then(Value::as_str);
            let named = named.map_or_else(|| format!("number {}", number + 1), str::to_owned);
            // A slip in a template is no slip of each asset.
            let table = match template.slip(&asset) {
                Some(table) => table.to_owned(),
                None => format!("assets: {named}"),
            };
            let asset: Asset = read_table(&table, Value::Table(template.complete(asset)))?;
            if !seen.insert(asset.asset.clone()) {
                return Err(DeployError::Duplicate { asset: asset.asset });
            }
            deployment.assets.push(asset);
        }
        Ok(deployment)
    }
}

fn is_label(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(is_plain)
}

fn read_table<T: for<'de> Deserialize<'de>>(table: &str, value: Value) -> DeployResult<T> {
    value.try_into().map_err(|error| DeployError::Table {
        table: table.into(),
        error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../cli/deploy/deployment.toml");

    fn refused(from: &str, to: &str) -> DeployError {
        assert!(EXAMPLE.contains(from), "{from}");
        Deployment::parse(&EXAMPLE.replacen(from, to, 1)).unwrap_err()
    }

    #[test]
    fn a_slip_is_reported_of_the_table_in_which_it_stands() {
        for (from, to, expected) in [
            ("decimals = 6", "decimal = 6", "template.market"),
            ("decimals = 6", "decimals = \"six\"", "template.market"),
            ("max_age = 120", "max_age = -1", "template.feed"),
            ("family = { member", "famly = { member", "assets: stuatom"),
            (
                "initial_volatility = \"0.002\"",
                "max_jump = 3",
                "assets: uusd",
            ),
        ] {
            match refused(from, to) {
                DeployError::Table { table, .. } => assert_eq!(table, expected, "{to}"),
                other => panic!("{to}: {other}"),
            }
        }
    }

    #[test]
    fn a_file_that_is_refused_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deployment.toml");
        fs::write(&path, EXAMPLE.replacen("quorum = 3", "quorum = ", 1)).unwrap();
        let refused = Deployment::read(&path).unwrap_err().to_string();
        assert!(
            refused.starts_with(&path.display().to_string()),
            "{refused}"
        );
        assert!(refused.contains("line "), "{refused}");
    }

    #[test]
    fn a_name_has_to_be_one_of_a_label() {
        for name in ["", "Bulwark", "two words"] {
            let written = format!("name = \"{name}\"");
            assert!(matches!(
                refused("name = \"bulwark\"", &written),
                DeployError::Name { name: named } if named == name
            ));
        }
    }
}
