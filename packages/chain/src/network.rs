//! The network file: what has to be known of a chain.
//!
//! ```toml
//! chain_id = "example-1"
//! # Nodes to ask, in order of preference; https:// and http:// (wss:// and ws:// follow).
//! rpc = ["https://rpc.example.com"]
//! # What addresses begin with.
//! prefix = "wasm"
//! # Fees: the coin, its price per unit of gas, and by how much simulated gas is raised.
//! denom = "ustake"
//! gas_price = "0.025"
//! gas_adjustment = "1.3"    # optional, this by default
//! max_gas = 50000000        # optional: a transaction that a node says needs more is not signed
//! coin_type = 118           # optional: the chain's number in key derivation
//! addresses = "addresses.json"   # optional: where `deploy` notes addresses, beside this file
//! ```

use std::path::{Path, PathBuf};
use std::{fs, io};

use cosmwasm_std::{Decimal, Uint128};
use serde::{Deserialize, Serialize};
use tendermint_rpc::{HttpClientUrl, Url};
use thiserror::Error;

use crate::error::ChainError;

/// What has to be known of a chain. Fields that are not known are refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// The chain's id; endpoints of another chain are refused.
    pub chain_id: String,
    /// RPC endpoints, in order of preference.
    pub rpc: Vec<String>,
    /// What addresses begin with.
    pub prefix: String,
    /// The coin that fees are paid in.
    pub denom: String,
    /// Its smallest units per unit of gas.
    pub gas_price: Decimal,
    /// Simulated gas is multiplied by this.
    #[serde(default = "default_adjustment")]
    pub gas_adjustment: Decimal,
    /// Gas of one transaction at most. A node says how much gas one needs, and a fee is paid for
    /// that: a node that is wrong is not to cost more than this.
    #[serde(default = "default_max_gas")]
    pub max_gas: u64,
    /// The chain's number in key derivation (SLIP-44).
    #[serde(default = "default_coin_type")]
    pub coin_type: u32,
    /// Where the contracts' addresses are noted; a relative path is beside the network file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addresses: Option<PathBuf>,
}

/// Coin type of the Cosmos Hub, which most chains use.
const COSMOS: u32 = 118;

/// Transactions may cost more when they run than when they were simulated.
const ADJUSTMENT_PERCENT: u64 = 130;

/// Gas adjustments above this are a slip of the decimal point.
const ADJUSTMENT_LIMIT: u128 = 10;

fn default_adjustment() -> Decimal {
    Decimal::percent(ADJUSTMENT_PERCENT)
}

/// Ten times what storing the largest contract takes.
const MAX_GAS: u64 = 50_000_000;

const fn default_max_gas() -> u64 {
    MAX_GAS
}

const fn default_coin_type() -> u32 {
    COSMOS
}

/// What is wrong with a network file.
#[derive(Debug, Error)]
pub enum NetworkError {
    /// It cannot be read.
    #[error("{}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// It is not of the form that is documented.
    #[error("network file: {0}")]
    Form(#[from] toml::de::Error),
    /// A value is refused.
    #[error("network file: {field} = {value}: {bound}")]
    Value {
        /// Which field.
        field: &'static str,
        /// Its value.
        value: String,
        /// What it has to satisfy.
        bound: &'static str,
    },
}

impl Network {
    /// Reads and checks a file; relative paths in it are taken from its folder.
    ///
    /// # Errors
    /// [`NetworkError`].
    pub fn read(path: &Path) -> Result<Self, NetworkError> {
        let text = fs::read_to_string(path).map_err(|error| NetworkError::Read {
            path: path.to_owned(),
            error,
        })?;
        let mut network = Self::parse(&text)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        network.addresses = network.addresses.map(|file| folder.join(file));
        Ok(network)
    }

    /// Parses and checks the text of a file.
    ///
    /// # Errors
    /// [`NetworkError::Form`], [`NetworkError::Value`].
    pub fn parse(text: &str) -> Result<Self, NetworkError> {
        let network: Self = toml::from_str(text)?;
        network.validate()?;
        Ok(network)
    }

    /// Checks every value.
    ///
    /// # Errors
    /// [`NetworkError::Value`].
    pub fn validate(&self) -> Result<(), NetworkError> {
        let refused = |field, value: &str, bound| NetworkError::Value {
            field,
            value: value.into(),
            bound,
        };
        if self.chain_id.is_empty() || self.chain_id.len() > 50 {
            let bound = "must have 1 to 50 characters";
            return Err(refused("chain_id", &self.chain_id, bound));
        }
        if self.rpc.is_empty() {
            return Err(refused("rpc", "[]", "must name at least one endpoint"));
        }
        for endpoint in &self.rpc {
            if endpoint.parse::<HttpClientUrl>().is_err() || websocket_url(endpoint).is_none() {
                let bound = "must be http://host:port or https://host";
                return Err(refused("rpc", endpoint, bound));
            }
        }
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        if self.prefix.is_empty() || !self.prefix.chars().all(is_plain) {
            let bound = "must be lower-case letters and digits";
            return Err(refused("prefix", &self.prefix, bound));
        }
        if self.denom.parse::<cosmrs::Denom>().is_err() {
            return Err(refused("denom", &self.denom, "must be a bank denom"));
        }
        let most = Decimal::from_ratio(ADJUSTMENT_LIMIT, 1u128);
        if self.gas_adjustment < Decimal::one() || self.gas_adjustment > most {
            let bound = "must be 1 to 10";
            return Err(refused(
                "gas_adjustment",
                &self.gas_adjustment.to_string(),
                bound,
            ));
        }
        if self.max_gas == 0 {
            return Err(refused("max_gas", "0", "must be positive"));
        }
        Ok(())
    }

    /// What so much gas costs, in smallest units of [`Self::denom`], rounded up.
    #[must_use]
    pub fn fee(&self, gas: u64) -> u128 {
        Uint128::from(gas)
            .checked_mul_ceil(self.gas_price)
            .map_or(u128::MAX, |fee| fee.u128())
    }

    /// Simulated gas, raised by [`Self::gas_adjustment`], rounded up.
    ///
    /// # Errors
    /// [`ChainError::TooMuchGas`] beyond [`Self::max_gas`].
    pub fn adjusted(&self, gas: u64) -> Result<u64, ChainError> {
        let adjusted = Uint128::from(gas)
            .checked_mul_ceil(self.gas_adjustment)
            .ok()
            .and_then(|gas| gas.u128().try_into().ok())
            .unwrap_or(u64::MAX);
        if adjusted > self.max_gas {
            return Err(ChainError::TooMuchGas {
                gas: adjusted,
                max_gas: self.max_gas,
            });
        }
        Ok(adjusted)
    }
}

/// The endpoint's address for subscriptions.
pub(crate) fn websocket_url(endpoint: &str) -> Option<Url> {
    let socket = if let Some(rest) = endpoint.strip_prefix("https://") {
        format!("wss://{rest}")
    } else {
        format!("ws://{}", endpoint.strip_prefix("http://")?)
    };
    format!("{}/websocket", socket.trim_end_matches('/'))
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
        chain_id = "example-1"
        rpc = ["http://127.0.0.1:26657", "https://rpc.example.com/node"]
        prefix = "wasm"
        denom = "ustake"
        gas_price = "0.025"
    "#;

    #[test]
    fn a_file_needs_only_its_own_values() {
        let network = Network::parse(FILE).unwrap();
        assert_eq!(network.gas_adjustment, Decimal::percent(130));
        assert_eq!(network.coin_type, 118);
        assert_eq!(network.fee(1_001), 26);
        assert_eq!(network.adjusted(101).unwrap(), 132);
        let socket = websocket_url(&network.rpc[1]).unwrap();
        assert_eq!(socket.to_string(), "wss://rpc.example.com/node/websocket");
    }

    /// A node that answered a simulation with 30,000 times the gas had a fee paid for it.
    #[test]
    fn a_node_cannot_ask_for_any_fee() {
        let network = Network::parse(FILE).unwrap();
        let refused = network.adjusted(4_000_000_000).unwrap_err();
        assert!(matches!(
            refused,
            ChainError::TooMuchGas {
                gas: 5_200_000_000,
                max_gas: 50_000_000
            }
        ));
        assert!(network.adjusted(u64::MAX).is_err());
        let strict = Network::parse(&format!("{FILE}\nmax_gas = 130")).unwrap();
        assert_eq!(strict.adjusted(100).unwrap(), 130);
        assert!(strict.adjusted(101).is_err());
    }

    #[test]
    fn unknown_fields_are_refused() {
        let text = format!("{FILE}\ngas_prize = \"1\"");
        let error = Network::parse(&text).unwrap_err().to_string();
        assert!(error.contains("gas_prize"), "{error}");
    }

    #[test]
    fn refused_values_are_named() {
        for (field, from, to) in [
            ("chain_id", "example-1", ""),
            ("rpc", "http://127.0.0.1:26657", "127.0.0.1:26657"),
            ("rpc", "http://127.0.0.1:26657", "ws://127.0.0.1:26657"),
            ("prefix", "wasm", "Wasm"),
            ("denom", "ustake", "u stake"),
        ] {
            let text = FILE.replacen(from, to, 1);
            match Network::parse(&text).unwrap_err() {
                NetworkError::Value {
                    field: named,
                    value,
                    ..
                } => assert_eq!((named, value.as_str()), (field, to)),
                other => panic!("{field}: {other}"),
            }
        }
        for adjustment in ["0.9", "13"] {
            let text = format!("{FILE}\ngas_adjustment = \"{adjustment}\"");
            assert!(matches!(
                Network::parse(&text).unwrap_err(),
                NetworkError::Value {
                    field: "gas_adjustment",
                    ..
                }
            ));
        }
    }

    #[test]
    fn the_address_file_stands_beside_the_network_file() {
        let folder = std::env::temp_dir().join(format!("bulwark-network-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("network.toml");
        fs::write(&file, format!("{FILE}\naddresses = \"a.json\"")).unwrap();
        let network = Network::read(&file).unwrap();
        assert_eq!(network.addresses, Some(folder.join("a.json")));
        fs::remove_dir_all(&folder).unwrap();
    }
}
