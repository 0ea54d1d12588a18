//! Moves the state of an older version to this one. No released version differs yet, so only
//! the version is checked and written.

use cosmwasm_std::{DepsMut, Response};
use cw2::{get_contract_version, set_contract_version};

use crate::contract::{CONTRACT_NAME, CONTRACT_VERSION};
use crate::error::ContractError;

pub fn migrate(deps: DepsMut<'_>) -> Result<Response, ContractError> {
    let stored = get_contract_version(deps.storage)?;
    if stored.contract != CONTRACT_NAME {
        return Err(ContractError::WrongContract {
            expected: CONTRACT_NAME.into(),
            found: stored.contract,
        });
    }
    if parse(&stored.version)? > parse(CONTRACT_VERSION)? {
        return Err(ContractError::NewerState {
            code: CONTRACT_VERSION.into(),
            state: stored.version,
        });
    }
    set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new())
}

/// Major, minor and patch.
fn parse(version: &str) -> Result<[u64; 3], ContractError> {
    let numbers: Option<Vec<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
    numbers
        .and_then(|numbers| numbers.try_into().ok())
        .ok_or_else(|| ContractError::UnreadableVersion {
            version: version.into(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert!(parse("0.10.0").unwrap() > parse("0.9.12").unwrap());
        assert!(parse("1.0.0").unwrap() > parse("0.99.99").unwrap());
        for bad in ["", "1", "1.2", "1.2.3.4", "1.2.x", "1.2.3-rc"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
