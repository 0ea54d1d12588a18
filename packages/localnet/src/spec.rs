//! What network to start.

use std::path::PathBuf;

use crate::config::GAS_PRICE;
use crate::denoms::{self, Coin};
use crate::error::{LocalnetError, Result};

/// Nodes at most: each is a validator, and all share this machine.
const MAX_NODES: usize = 16;

/// Ports of one node follow those of the one before at this distance.
pub(crate) const PORTS_PER_NODE: u16 = 10;

/// RPC of the first node unless something else is asked for.
pub(crate) const USUAL_PORT: u16 = 26_657;

/// Where nodes listen, on 127.0.0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ports {
    /// RPC of the first node on 26657, as [`Self::From`]; or where a network is that is there.
    Usual,
    /// Whatever is free.
    Free,
    /// RPC of the first node here; of each further one 10 above. Peers one below.
    From(u16),
}

/// What network to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Its folder, an absolute path.
    pub home: PathBuf,
    /// The chain's id: letters, digits and dashes, a part between dashes is `local`.
    pub chain_id: String,
    /// Validators, 1 to 16.
    pub nodes: usize,
    /// Where they listen.
    pub ports: Ports,
    /// What every user holds of at the beginning, beside the coin of fees.
    pub coins: Vec<Coin>,
    /// Whether nodes take transactions that pay no fee.
    pub is_free: bool,
}

impl Spec {
    /// One node on the usual ports, 26657 and 26656, with the usual coins.
    #[must_use]
    pub fn new(home: PathBuf) -> Self {
        Self {
            home,
            chain_id: "bulwark-local-1".into(),
            nodes: 1,
            ports: Ports::Usual,
            coins: denoms::coins(),
            is_free: false,
        }
    }

    /// Every user holds of these coins, too.
    pub fn add_coins(&mut self, coins: impl IntoIterator<Item = Coin>) {
        for coin in coins {
            if !self.coins.contains(&coin) {
                self.coins.push(coin);
            }
        }
    }

    /// What a unit of gas costs at least.
    pub(crate) const fn gas_price(&self) -> &'static str {
        if self.is_free { "0" } else { GAS_PRICE }
    }

    /// # Errors
    /// [`LocalnetError::Value`].
    pub(crate) fn validate(&self) -> Result<()> {
        let refused = |field, value: String, bound| {
            Err(LocalnetError::Value {
                field,
                value,
                bound,
            })
        };
        if !self.home.is_absolute() {
            let home = self.home.display().to_string();
            return refused("home", home, "must be an absolute path");
        }
        if !(1..=MAX_NODES).contains(&self.nodes) {
            return refused("nodes", self.nodes.to_string(), "must be 1 to 16");
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if !(1..=50).contains(&self.chain_id.len()) || !self.chain_id.chars().all(is_plain) {
            let bound = "must be 1 to 50 letters, digits and dashes";
            return refused("chain id", self.chain_id.clone(), bound);
        }
        // Clients take test keys for such a chain only: no other one shall ever see them sign.
        if !self.chain_id.split('-').any(|part| part == "local") {
            let bound = "must have a part `local`, as bulwark-local-1";
            return refused("chain id", self.chain_id.clone(), bound);
        }
        if let Ports::From(port) = self.ports {
            let highest = usize::from(port) + self.nodes * usize::from(PORTS_PER_NODE);
            if port < 1_025 || highest > usize::from(u16::MAX) {
                let bound = "must leave room for all nodes between 1025 and 65535";
                return refused("rpc port", port.to_string(), bound);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_that_does_not_call_itself_local_is_refused() {
        let mut spec = Spec::new(PathBuf::from("/tmp/network"));
        spec.validate().unwrap();
        for chain_id in ["osmosis-1", "localhost-1", "", "local 1"] {
            spec.chain_id = chain_id.into();
            match spec.validate().unwrap_err() {
                LocalnetError::Value { field, value, .. } => {
                    assert_eq!((field, value.as_str()), ("chain id", chain_id));
                }
                unexpected => panic!("{unexpected}"),
            }
        }
    }
}
