use bulwark_chain::{Client, Keyring, Network};
use clap::Parser;
use cosmwasm_std::{Binary, from_json};
use serde_json::{Value, json};

use super::*;
use crate::tx::args::TxArgs;

const ME: &str = "wasm1me";

/// What is behind `bulwark tx`.
#[derive(Parser)]
struct Tx {
    #[command(flatten)]
    args: TxArgs,
}

/// The message of a command line, as the command lines of chains read it. No chain is asked.
fn message(arguments: &[&str]) -> Value {
    let network = Network::parse(
        "chain_id = \"one\"\nrpc = [\"http://127.0.0.1:1\"]\nprefix = \"wasm\"\n\
        denom = \"ustake\"\ngas_price = \"0\"",
    );
    let client = Client::new(network.unwrap()).unwrap();
    let reached = Reached::new(client, "wasm1vault", "wasm1oracle", Keyring::default());
    let decimals = [("uatom", 6), ("cw20:wasm1token", 2)];
    let decimals = decimals.map(|(asset, decimals)| (asset.to_owned(), decimals));
    let tx = Tx::parse_from([&["tx"], arguments].concat());
    let reading = Reading {
        whole: tx.args.whole,
        decimals: decimals.into(),
    };
    let author = Author {
        reached: &reached,
        reading: &reading,
        sender: ME,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let draft = runtime.block_on(author.draft(&tx.args.message));
    draft.unwrap().message.to_json()
}

#[test]
fn coins_go_along_with_a_payment() {
    let message = message(&["deposit", "1.5uatom", "--whole", "--lend"]);
    assert_eq!(message["contract"], "wasm1vault");
    assert_eq!(message["sender"], ME);
    assert_eq!(
        message["funds"],
        json!([{"denom": "uatom", "amount": "1500000"}])
    );
    let account = json!({"owner": ME, "id": 0});
    assert_eq!(
        message["msg"],
        json!({"deposit": {"account": account, "lend": true}})
    );
}

#[test]
fn a_token_brings_the_message_itself() {
    let message = message(&["repay", "250cw20:wasm1token", "--account", "wasm1you/3"]);
    assert_eq!(message["contract"], "wasm1token");
    assert_eq!(message["funds"], json!([]));
    let send = &message["msg"]["send"];
    assert_eq!(send["contract"], "wasm1vault");
    assert_eq!(send["amount"], "250");
    let hook: Binary = serde_json::from_value(send["msg"].clone()).unwrap();
    let hook: Cw20Hook = from_json(hook).unwrap();
    let owner = "wasm1you".to_owned();
    let account = Some(AccountRef { owner, id: 3 });
    assert_eq!(hook, Cw20Hook::Repay { account });
}

#[test]
fn an_asset_alone_is_everything() {
    let message = message(&["withdraw", "uatom", "--to", "wasm1you"]);
    let withdraw = &message["msg"]["withdraw"];
    assert_eq!(withdraw["amount"], Value::Null);
    assert_eq!(withdraw["to"], "wasm1you");
    assert_eq!(message["funds"], json!([]));
}

#[test]
fn rights_are_given_until_a_time_and_taken_back() {
    let time = "2020-03-07T01:00:00Z";
    let granted = message(&[
        "operator",
        "grant",
        "wasm1you",
        "--id",
        "2",
        "--expires",
        time,
    ]);
    assert_eq!(
        granted["msg"]["set_operator"],
        json!({"operator": "wasm1you", "id": 2, "expires": 1_583_542_800, "revoke": null})
    );
    let revoked = message(&["operator", "revoke", "wasm1you"]);
    assert_eq!(revoked["msg"]["set_operator"]["revoke"], true);
}

#[test]
fn prices_are_refreshed_at_the_oracle() {
    let message = message(&["refresh", "uatom"]);
    assert_eq!(message["contract"], "wasm1oracle");
    assert_eq!(message["msg"], json!({"refresh": {"assets": ["uatom"]}}));
}
