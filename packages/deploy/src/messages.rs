//! From steps to messages.

use bulwark_chain::Message;
use bulwark_types::governance::OwnershipAction;
use bulwark_types::oracle::{self, PostedPrice};
use bulwark_types::vault::{self, OracleConfig, Parameters, ParametersUpdate};
use bulwark_types::{caller, liquidator, migration};
use cosmwasm_std::to_json_vec;
use serde::Serialize;

use crate::addresses::Addresses;
use crate::artifacts::Artifacts;
use crate::desired::Desired;
use crate::error::DeployResult;
use crate::found::Found;
use crate::step::{Kind, Planned, Step};

/// What messages are made of.
pub struct Writer<'a> {
    pub desired: &'a Desired,
    pub artifacts: &'a Artifacts,
    pub addresses: &'a Addresses,
    /// Codes by their checksum.
    pub found: &'a Found,
    /// Block time in seconds.
    pub now: u64,
}

impl Writer<'_> {
    /// The message of a step; none as long as an address or code is not known that earlier
    /// steps make.
    pub fn message(&self, planned: &Planned) -> DeployResult<Option<Message>> {
        let sender = planned.sender.as_str();
        let vault = |msg: &vault::ExecuteMsg| self.execute(Kind::Vault, sender, msg);
        let oracle = |msg: &oracle::ExecuteMsg| self.execute(Kind::Oracle, sender, msg);
        match &planned.step {
            Step::Store { contract, .. } => Ok(Some(Message::StoreCode {
                sender: sender.into(),
                wasm: self.artifacts.compressed(*contract)?,
            })),
            Step::Instantiate { contract } => self.instantiate(*contract, sender),
            Step::Migrate { contract, to, .. } => {
                let (code, address) = (self.found.codes.get(to), self.addresses.get(*contract));
                let (Some(code_id), Some(address)) = (code, address) else {
                    return Ok(None);
                };
                Ok(Some(Message::Migrate {
                    sender: sender.into(),
                    contract: address.into(),
                    code_id: *code_id,
                    msg: to_json_vec(&migration::MigrateMsg {})?,
                }))
            }
            Step::SetFeed { asset, feed } => oracle(&oracle::ExecuteMsg::SetFeed {
                asset: asset.clone(),
                feed: feed.clone(),
            }),
            Step::UpdateFeeders { feeders, quorum } => oracle(&oracle::ExecuteMsg::UpdateFeeders {
                feeders: feeders.clone(),
                quorum: *quorum,
            }),
            Step::UpdateOracle {
                guardian,
                owner_delay,
            } => oracle(&oracle::ExecuteMsg::UpdateConfig {
                guardian: guardian.clone(),
                owner_delay: *owner_delay,
            }),
            Step::PostPrices { prices } => {
                let prices = prices.iter().map(|(asset, price)| PostedPrice {
                    asset: asset.clone(),
                    price: *price,
                    conf: None,
                    published_at: self.now,
                });
                let prices = prices.collect();
                oracle(&oracle::ExecuteMsg::PostPrices { prices })
            }
            Step::Refresh { assets } => oracle(&oracle::ExecuteMsg::Refresh {
                assets: assets.clone(),
            }),
            Step::UseOracle { mode } => {
                let Some(address) = self.addresses.get(Kind::Oracle) else {
                    return Ok(None);
                };
                vault(&vault::ExecuteMsg::UpdateParams(ParametersUpdate {
                    oracle: Some(OracleConfig {
                        address: address.into(),
                        mode: *mode,
                    }),
                    ..ParametersUpdate::default()
                }))
            }
            Step::UseCaller {} => {
                let Some(address) = self.addresses.get(Kind::Caller) else {
                    return Ok(None);
                };
                vault(&vault::ExecuteMsg::UpdateParams(ParametersUpdate {
                    caller: Some(address.into()),
                    ..ParametersUpdate::default()
                }))
            }
            Step::UpdateParameters { update } => {
                vault(&vault::ExecuteMsg::UpdateParams(update.clone()))
            }
            Step::ListMarket { listing } => vault(&vault::ExecuteMsg::ListMarket(listing.clone())),
            Step::UpdateMarket { asset, update } => vault(&vault::ExecuteMsg::UpdateMarket {
                asset: asset.clone(),
                update: update.clone(),
            }),
            Step::Apply {
                contract, change, ..
            } => {
                let change = *change;
                match contract {
                    Kind::Oracle => oracle(&oracle::ExecuteMsg::Apply { change }),
                    _ => vault(&vault::ExecuteMsg::Apply { change }),
                }
            }
            Step::ProposeOwner { contract, owner } => {
                let owner = owner.clone();
                self.ownership(*contract, sender, OwnershipAction::Propose { owner })
            }
            Step::AcceptOwner { contract } => {
                self.ownership(*contract, sender, OwnershipAction::Accept {})
            }
            Step::UpdateAdmin { contract, admin } => {
                let address = self.addresses.get(*contract);
                Ok(address.map(|address| Message::UpdateAdmin {
                    sender: sender.into(),
                    contract: address.into(),
                    admin: admin.clone(),
                }))
            }
        }
    }

    fn execute(
        &self,
        contract: Kind,
        sender: &str,
        msg: &impl Serialize,
    ) -> DeployResult<Option<Message>> {
        let Some(address) = self.addresses.get(contract) else {
            return Ok(None);
        };
        Ok(Some(Message::execute(sender, address, msg, Vec::new())?))
    }

    fn ownership(
        &self,
        contract: Kind,
        sender: &str,
        action: OwnershipAction,
    ) -> DeployResult<Option<Message>> {
        match contract {
            Kind::Oracle => {
                let msg = oracle::ExecuteMsg::UpdateOwnership(action);
                self.execute(contract, sender, &msg)
            }
            _ => {
                let msg = vault::ExecuteMsg::UpdateOwnership(action);
                self.execute(contract, sender, &msg)
            }
        }
    }

    fn instantiate(&self, contract: Kind, sender: &str) -> DeployResult<Option<Message>> {
        let checksum = self.desired.checksums.get(&contract);
        let code_id = checksum.and_then(|checksum| self.found.codes.get(checksum));
        let (Some(code_id), Some(msg)) = (code_id, self.instantiate_msg(contract, sender)?) else {
            return Ok(None);
        };
        Ok(Some(Message::Instantiate {
            sender: sender.into(),
            code_id: *code_id,
            label: contract.label(&self.desired.name),
            admin: (!contract.keeps_nothing()).then(|| self.desired.admin.clone()),
            msg,
            funds: Vec::new(),
        }))
    }

    fn instantiate_msg(&self, contract: Kind, owner: &str) -> DeployResult<Option<Vec<u8>>> {
        let desired = self.desired;
        let msg = match contract {
            Kind::Oracle => to_json_vec(&oracle::InstantiateMsg {
                owner: owner.into(),
                guardian: desired.guardian.clone(),
                feeders: desired.oracle.feeders.clone(),
                quorum: desired.oracle.quorum,
                owner_delay: 0,
            })?,
            Kind::Caller => to_json_vec(&caller::InstantiateMsg {})?,
            Kind::Liquidator => {
                let Some(vault) = self.addresses.get(Kind::Vault) else {
                    return Ok(None);
                };
                to_json_vec(&liquidator::InstantiateMsg {
                    vault: vault.into(),
                })?
            }
            Kind::Vault => {
                let oracle = self.addresses.get(Kind::Oracle);
                let caller = self.addresses.get(Kind::Caller);
                let (Some(oracle), Some(caller)) = (oracle, caller) else {
                    return Ok(None);
                };
                to_json_vec(&vault::InstantiateMsg {
                    owner: owner.into(),
                    guardian: desired.guardian.clone(),
                    oracle: OracleConfig {
                        address: oracle.into(),
                        mode: desired.vault.oracle_mode,
                    },
                    caller: caller.into(),
                    groups: desired.vault.groups.clone(),
                    bounds: desired.vault.bounds,
                    cap_multiple: desired.vault.cap_multiple,
                    unpriced_grace: desired.vault.unpriced_grace,
                    parameters: Parameters {
                        owner_delay: 0,
                        ..desired.vault.parameters.clone()
                    },
                })?
            }
        };
        Ok(Some(msg))
    }
}
