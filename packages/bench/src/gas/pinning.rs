//! Pinning code, as validators decide on a public chain: by a proposal. Here the owner stakes more
//! than the validator and votes alone.

use std::time::{Duration, Instant};

use bulwark_chain::{Client, Gas};
use cosmrs::Any;
use cosmrs::proto::cosmos::auth::v1beta1::{
    ModuleAccount, QueryModuleAccountByNameRequest, QueryModuleAccountByNameResponse,
};
use cosmrs::proto::cosmos::base::v1beta1::Coin;
use cosmrs::proto::cosmos::gov::v1::{MsgSubmitProposal, MsgVote, VoteOption};
use cosmrs::proto::cosmos::staking::v1beta1::{
    MsgDelegate, QueryValidatorsRequest, QueryValidatorsResponse,
};
use cosmrs::proto::cosmwasm::wasm::v1::MsgPinCodes;
use cosmrs::proto::prost::{Message, Name};
use tokio::time::sleep;

use super::setting::Setting;
use crate::error::{BenchError, BenchResult};

/// What the owner stakes, smallest units: a hundred times what the validator does.
const STAKE: u128 = 100_000_000_000;

/// The number of a chain's first proposal: nobody else makes one here.
const PROPOSAL: u64 = 1;

/// For how long the chain is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Pins the code of all contracts.
pub async fn pin(setting: &Setting) -> BenchResult<()> {
    let client = &setting.client;
    let voter = setting.owner.address();
    let coin = |amount: u128| Coin {
        denom: client.network().denom.clone(),
        amount: amount.to_string(),
    };
    let delegate = MsgDelegate {
        delegator_address: voter.into(),
        validator_address: validator(client).await?,
        amount: Some(coin(STAKE)),
    };
    let pins = MsgPinCodes {
        authority: governance(client).await?,
        code_ids: setting.codes.clone(),
    };
    let propose = MsgSubmitProposal {
        messages: vec![any(&pins)],
        initial_deposit: vec![coin(10_000_000)],
        proposer: voter.into(),
        metadata: String::new(),
        title: "Pin Bulwark".into(),
        summary: "Keeps the contracts' code in memory.".into(),
        expedited: false,
    };
    let vote = MsgVote {
        proposal_id: PROPOSAL,
        voter: voter.into(),
        option: VoteOption::Yes.into(),
        metadata: String::new(),
    };
    // In one transaction: a local network decides within seconds.
    let messages = [any(&delegate), any(&propose), any(&vote)];
    setting
        .owner
        .send_any(&messages, Gas::Limit(2_000_000))
        .await?;
    let begun = Instant::now();
    for code_id in &setting.codes {
        while !client.is_pinned(*code_id).await? {
            if begun.elapsed() > PATIENCE {
                return Err(BenchError::NotPinned {
                    code_id: *code_id,
                    waited: PATIENCE.as_secs(),
                });
            }
            sleep(Duration::from_millis(300)).await;
        }
    }
    Ok(())
}

/// The one validator.
async fn validator(client: &Client) -> BenchResult<String> {
    let path = "/cosmos.staking.v1beta1.Query/Validators";
    let request = QueryValidatorsRequest::default();
    let answer: QueryValidatorsResponse = client.query(path, &request).await?;
    let validator = answer.validators.into_iter().next();
    let none = BenchError::Absent { what: "validator" };
    Ok(validator.ok_or(none)?.operator_address)
}

/// The address that proposals act by.
async fn governance(client: &Client) -> BenchResult<String> {
    let path = "/cosmos.auth.v1beta1.Query/ModuleAccountByName";
    let request = QueryModuleAccountByNameRequest { name: "gov".into() };
    let answer: QueryModuleAccountByNameResponse = client.query(path, &request).await?;
    let none = || BenchError::Absent {
        what: "governance account",
    };
    let account = answer.account.ok_or_else(none)?;
    let account = ModuleAccount::decode(account.value.as_slice()).map_err(|error| {
        BenchError::Unreadable {
            query: path,
            detail: error.to_string(),
        }
    })?;
    Ok(account.base_account.ok_or_else(none)?.address)
}

fn any<M: Name>(message: &M) -> Any {
    Any {
        type_url: M::type_url(),
        value: message.encode_to_vec(),
    }
}
