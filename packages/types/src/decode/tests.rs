use bulwark_risk::units::Amount;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Uint128};

use super::{Answer, from_json};
use crate::vault::ExecuteMsg;

#[cw_serde]
enum Message {
    Plain,
    Wrapped(Inner),
    Pair(u8, bool),
    Named {
        text: String,
        maybe: Option<u16>,
        list: Vec<Inner>,
    },
}

#[cw_serde]
struct Inner {
    amount: Amount,
    signed: i32,
}

fn decoded(json: &str) -> Result<Message, String> {
    from_json(json.as_bytes()).map_err(|error| error.to_string())
}

fn refusal(json: &str) -> String {
    decoded(json).expect_err(json)
}

#[test]
fn what_is_accepted_is_what_serde_json_reads() {
    for json in [
        r#""plain""#,
        r#"{"plain":null}"#,
        r#"{"wrapped":{"signed":-5,"amount":"7"}}"#,
        r#" { "pair" : [ 255 , true ] } "#,
        r#"{"named":{"list":[],"text":"a\n\u00e9\"","maybe":null}}"#,
        r#"{"named":{"text":"","list":[{"amount":"1","signed":0},{"signed":1,"amount":"2"}]}}"#,
        r#"{"named":{"maybe":65535,"text":"x","list":[]}}"#,
    ] {
        let expected: Message = serde_json::from_str(json).expect(json);
        assert_eq!(decoded(json), Ok(expected), "{json}");
    }
    let binary: Binary = from_json(br#""YQ==""#).unwrap();
    assert_eq!(binary.as_slice(), b"a");
    let largest: Uint128 = from_json(format!("\"{}\"", u128::MAX).as_bytes()).unwrap();
    assert_eq!(largest, Uint128::MAX);
}

#[test]
fn what_is_refused_is_what_serde_json_refuses_and_the_refusal_names_it() {
    for (json, named) in [
        (r#""unknown""#, "unknown variant `unknown`"),
        (r#""pair""#, "a variant with content"),
        (r#"{"plain":{}}"#, "a variant without content"),
        (r#"{"plain":null,"pair":[1,true]}"#, "invalid type: map"),
        (r#"{"pair":[256,true]}"#, "256"),
        (r#"{"pair":[1]}"#, "invalid length 1"),
        (r#"{"pair":[1,true,2]}"#, "longer than expected"),
        (r#"{"pair":[1.5,true]}"#, "1.5"),
        (r#"{"wrapped":{"amount":"7"}}"#, "missing field `signed`"),
        (
            r#"{"wrapped":{"amount":7,"signed":1}}"#,
            "amount: invalid type: integer `7`",
        ),
        (
            r#"{"wrapped":{"amount":"7","signed":null}}"#,
            "signed: invalid type: null,",
        ),
        (
            r#"{"wrapped":{"amount":"7","signed":1,"signed":2}}"#,
            "duplicate field `signed`",
        ),
        (
            r#"{"named":{"text":"","list":[{"amount":"x","signed":0}]}}"#,
            "list: amount: ",
        ),
        (
            r#"{"named":{"text":"","list":{}}}"#,
            "list: invalid type: map",
        ),
        (r#"{"plain":null"#, "EOF"),
        (r#""plain" x"#, "trailing characters"),
        ("", "EOF"),
    ] {
        assert!(serde_json::from_str::<Message>(json).is_err(), "{json}");
        let text = refusal(json);
        assert!(text.contains(named), "{json}: {text}");
    }
    let deep = "[".repeat(100_000);
    assert!(refusal(&deep).contains("recursion limit"));
}

/// Unlike `serde_json` for these types.
#[test]
fn an_unknown_field_is_refused_in_a_message_and_passed_over_in_an_answer() {
    let json = r#"{"wrapped":{"amount":"7","signed":1,"more":{"amount":[]}}}"#;
    assert!(refusal(json).contains("unknown field `more`"));
    let Answer(read): Answer<Message> = serde_json::from_str(json).unwrap();
    assert_eq!(read, serde_json::from_str::<Message>(json).unwrap());
}

/// A token that learns to say more must not lose its way into the vault.
#[test]
fn a_token_may_say_more_when_it_tells_of_what_was_sent() {
    let json = br#"{"receive":{"sender":"a","amount":"1","msg":"e30=","memo":"x"}}"#;
    let ExecuteMsg::Receive(received) = from_json(json).unwrap() else {
        panic!("another message");
    };
    assert_eq!((received.sender.as_str(), received.amount.u128()), ("a", 1));
    assert_eq!(received.msg.as_slice(), b"{}");
}

/// Unlike `serde_json`: nobody writes structs as arrays, and a contract need not read them.
#[test]
fn a_struct_is_not_read_from_an_array() {
    let json = r#"{"wrapped":["7",-5]}"#;
    assert!(serde_json::from_str::<Message>(json).is_ok());
    assert!(refusal(json).contains("invalid type: sequence"));
}

/// Fields and variants are found by their position among the names that a type declares.
#[test]
fn no_type_renames_on_the_way_in_or_fills_in() {
    fn visit(folder: &std::path::Path) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                let attribute = concat!("#[", "serde(");
                for line in text.lines().filter(|line| line.contains(attribute)) {
                    for word in ["alias", "default", "other"] {
                        assert!(!line.contains(word), "{}: {line}", path.display());
                    }
                }
            }
        }
    }
    let packages = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for folder in ["types/src", "risk/src"] {
        visit(&packages.join(folder));
    }
}
