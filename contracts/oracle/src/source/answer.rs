//! Asking other contracts, and finding one value in what they answer.

use bulwark_types::decode::Tree;
use bulwark_types::oracle::SourceFailure;
use cosmwasm_std::{
    Binary, ContractResult, Empty, QuerierWrapper, QueryRequest, SystemResult, WasmQuery,
    from_json, to_json_vec,
};

/// Bytes of an answer at most: a long one could use up the memory.
const LONGEST_ANSWER: usize = 65_536;

/// Asks a contract. Whatever it does short of using up the gas is an answer or a failure here,
/// never an error of the message.
///
/// # Errors
/// [`SourceFailure::Unreachable`]; [`SourceFailure::Malformed`] for more than 64 KiB.
pub fn ask(
    querier: QuerierWrapper<'_>,
    contract: &str,
    question: Binary,
) -> Result<Binary, SourceFailure> {
    let request: QueryRequest<Empty> = WasmQuery::Smart {
        contract_addr: contract.into(),
        msg: question,
    }
    .into();
    let request = to_json_vec(&request).map_err(|_| SourceFailure::Unreachable)?;
    match querier.raw_query(&request) {
        SystemResult::Ok(ContractResult::Ok(answer)) if answer.len() > LONGEST_ANSWER => {
            Err(SourceFailure::Malformed)
        }
        SystemResult::Ok(ContractResult::Ok(answer)) => Ok(answer),
        _ => Err(SourceFailure::Unreachable),
    }
}

/// Reads an answer, whatever its shape.
///
/// # Errors
/// [`SourceFailure::Malformed`] if it is not JSON.
pub fn parse(bytes: &[u8]) -> Result<Tree, SourceFailure> {
    from_json(bytes).map_err(|_| SourceFailure::Malformed)
}

/// The value under these keys, from the outside in. Of a key that stands in an object twice
/// neither is right.
///
/// # Errors
/// [`SourceFailure::Malformed`] if there is none.
pub fn at<'t>(answer: &'t Tree, path: &[String]) -> Result<&'t Tree, SourceFailure> {
    let mut value = answer;
    for key in path {
        let Tree::Object(members) = value else {
            return Err(SourceFailure::Malformed);
        };
        let mut found = members.iter().filter(|(name, _)| name == key);
        value = match (found.next(), found.next()) {
            (Some((_, one)), None) => one,
            _ => return Err(SourceFailure::Malformed),
        };
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn a_value_is_found_at_its_path_among_anything() {
        let text =
            br#"{"a":[1,{"b":2}],"f":-1.5,"n":null,"x":{"y":{"rate":"1.2","t":7},"y2":true}}"#;
        let json = parse(text).unwrap();
        let found = |keys: &[&str]| at(&json, &path(keys));
        assert_eq!(found(&["x", "y", "rate"]), Ok(&Tree::Text("1.2".into())));
        assert_eq!(found(&["x", "y", "t"]), Ok(&Tree::Unsigned(7)));
        assert_eq!(found(&["f"]), Ok(&Tree::Fraction(-1.5)));
        for missing in [&["z"][..], &["x", "y", "rate", "deeper"], &["a", "b"]] {
            assert_eq!(found(missing), Err(SourceFailure::Malformed));
        }
        let bare = parse(br#""1.05""#).unwrap();
        assert_eq!(at(&bare, &[]), Ok(&Tree::Text("1.05".into())));
    }

    #[test]
    fn what_is_not_json_or_says_a_thing_twice_is_malformed() {
        for text in ["", "{", "{\"a\":}", "1 2", "nonsense"] {
            assert_eq!(parse(text.as_bytes()), Err(SourceFailure::Malformed));
        }
        let deep = "[".repeat(100_000);
        assert_eq!(parse(deep.as_bytes()), Err(SourceFailure::Malformed));
        let twice = parse(br#"{"a":"1","a":"2"}"#).unwrap();
        assert_eq!(at(&twice, &path(&["a"])), Err(SourceFailure::Malformed));
    }
}
