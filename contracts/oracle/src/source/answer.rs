//! Asking other contracts, and finding one value in what they answer.

use std::fmt;

use bulwark_types::oracle::SourceFailure;
use cosmwasm_std::{
    Binary, ContractResult, Empty, QuerierWrapper, QueryRequest, SystemResult, WasmQuery,
    from_json, to_json_vec,
};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Asks a contract. Whatever it does short of using up the gas is an answer or a failure here,
/// never an error of the message.
///
/// # Errors
/// [`SourceFailure::Unreachable`].
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
        SystemResult::Ok(ContractResult::Ok(answer)) => Ok(answer),
        _ => Err(SourceFailure::Unreachable),
    }
}

/// A JSON value, as far as one has to look into it to find a number.
#[derive(Debug, PartialEq)]
pub enum Json {
    /// A string.
    Text(String),
    /// A whole number that is not negative.
    Number(u64),
    /// An object.
    Object(Vec<(String, Json)>),
    /// Anything else.
    Other,
}

impl Json {
    /// # Errors
    /// [`SourceFailure::Malformed`] if it is not JSON.
    pub fn parse(bytes: &[u8]) -> Result<Self, SourceFailure> {
        from_json(bytes).map_err(|_| SourceFailure::Malformed)
    }

    /// The value under these keys, from the outside in. Of a key that stands in an object twice
    /// neither is right.
    ///
    /// # Errors
    /// [`SourceFailure::Malformed`] if there is none.
    pub fn at(&self, path: &[String]) -> Result<&Self, SourceFailure> {
        let mut value = self;
        for key in path {
            let Self::Object(entries) = value else {
                return Err(SourceFailure::Malformed);
            };
            let mut found = entries.iter().filter(|(name, _)| name == key);
            value = match (found.next(), found.next()) {
                (Some((_, one)), None) => one,
                _ => return Err(SourceFailure::Malformed),
            };
        }
        Ok(value)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Json::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Json::Object(entries))
    }
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
        let json = Json::parse(text).unwrap();
        let found = |keys: &[&str]| json.at(&path(keys));
        assert_eq!(found(&["x", "y", "rate"]), Ok(&Json::Text("1.2".into())));
        assert_eq!(found(&["x", "y", "t"]), Ok(&Json::Number(7)));
        assert_eq!(found(&["f"]), Ok(&Json::Other));
        for missing in [&["z"][..], &["x", "y", "rate", "deeper"], &["a", "b"]] {
            assert_eq!(found(missing), Err(SourceFailure::Malformed));
        }
        let bare = Json::parse(br#""1.05""#).unwrap();
        assert_eq!(bare.at(&[]), Ok(&Json::Text("1.05".into())));
    }

    #[test]
    fn what_is_not_json_or_says_a_thing_twice_is_malformed() {
        for text in ["", "{", "{\"a\":}", "1 2", "nonsense"] {
            assert_eq!(Json::parse(text.as_bytes()), Err(SourceFailure::Malformed));
        }
        let deep = "[".repeat(100_000);
        assert_eq!(Json::parse(deep.as_bytes()), Err(SourceFailure::Malformed));
        let twice = Json::parse(br#"{"a":"1","a":"2"}"#).unwrap();
        assert_eq!(twice.at(&path(&["a"])), Err(SourceFailure::Malformed));
    }
}
