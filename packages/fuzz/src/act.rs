//! One concrete thing that somebody does to the world. A run is a list of them, which can be
//! played again as a whole or in part.

use bulwark_risk::units::Amount;
use bulwark_testing::World;
use bulwark_types::oracle;
use bulwark_types::vault::ExecuteMsg;
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, Coin, Event};
use serde_json::Value;

/// Something that is done.
#[derive(Clone, Debug)]
pub enum Act {
    /// A message to the vault. A `receive` is what a token's `send` leads to.
    Vault {
        /// Who sends it; of a `receive` the token.
        sender: String,
        /// The message.
        message: Box<ExecuteMsg>,
        /// What comes with it.
        funds: Vec<Coin>,
    },
    /// A message to the oracle.
    Oracle {
        /// Who sends it.
        sender: String,
        /// The message.
        message: Box<oracle::ExecuteMsg>,
    },
    /// A query of the oracle that it refuses.
    AskOracle(Box<oracle::QueryMsg>),
    /// A message to a contract of somebody else's, or one in a form of its own.
    Other {
        /// Who sends it.
        sender: String,
        /// Its address.
        contract: String,
        /// The message.
        message: Value,
        /// What comes with it.
        funds: Vec<Coin>,
    },
    /// A transfer to the vault without a message.
    Donate {
        /// Who gives.
        sender: String,
        /// Asset.
        asset: String,
        /// Smallest units.
        amount: Amount,
    },
    /// Seconds that pass.
    Wait(u64),
}

/// Whose answer something was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// The vault's.
    Vault,
    /// The oracle's.
    Oracle,
    /// Nobody's: it counts for nothing.
    None,
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// What a contract or the chain refuses.
    pub fn perform(&self, world: &mut World) -> Result<(), WireError> {
        self.perform_for_events(world).map(drop)
    }

    /// Does it; the events of all contracts and of the chain.
    ///
    /// # Errors
    /// What a contract or the chain refuses.
    pub fn perform_for_events(&self, world: &mut World) -> Result<Vec<Event>, WireError> {
        let answer = match self {
            Self::Vault {
                sender,
                message,
                funds,
            } => world.execute(sender, message.as_ref().clone(), funds.clone()),
            Self::Oracle { sender, message } => {
                world.execute_oracle(sender, message.as_ref().clone())
            }
            Self::AskOracle(question) => {
                return world.query_oracle::<Value>(question).map(|_| vec![]);
            }
            Self::Other {
                sender,
                contract,
                message,
                funds,
            } => {
                let contract = Addr::unchecked(contract);
                let sender = world.address(sender);
                world.execute_raw(&sender, &contract, message, funds)
            }
            Self::Donate {
                sender,
                asset,
                amount,
            } => {
                let vault = world.vault().to_string();
                world.send(sender, &vault, asset, *amount)
            }
            Self::Wait(seconds) => {
                world.advance(*seconds);
                return Ok(vec![]);
            }
        };
        answer.map(|response| response.events)
    }

    /// Whose message it is, for the counts.
    #[must_use]
    pub fn party(&self, world: &World) -> Party {
        match self {
            Self::Vault { .. } => Party::Vault,
            Self::Oracle { .. } => Party::Oracle,
            Self::Other { contract, .. } if contract == world.oracle().as_str() => Party::Oracle,
            Self::Other { contract, .. } if contract == world.vault().as_str() => Party::Vault,
            Self::AskOracle(_) | Self::Other { .. } | Self::Donate { .. } | Self::Wait(_) => {
                Party::None
            }
        }
    }
}
