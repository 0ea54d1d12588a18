//! For `#[serde(with = "…")]`: a field kept as JSON inside of a packed record. What is read once in
//! a while costs little gas that way, and no second decoder in the contract's code.

use cosmwasm_std::to_json_vec;
use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::from_json;

/// # Errors
/// If the value has no JSON.
pub fn serialize<T: Serialize, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    to_json_vec(value)
        .map_err(S::Error::custom)?
        .serialize(serializer)
}

/// # Errors
/// If the bytes are not JSON of a `T`.
pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    let json = Vec::<u8>::deserialize(deserializer)?;
    from_json(&json).map_err(D::Error::custom)
}
