//! Which stored state a contract's code takes over: the rules of migration that both contracts
//! share. Data in, data out; the contracts read and write the cw2 record themselves.

use cosmwasm_schema::cw_serde;
use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

use crate::wire::wire;

/// Moves a contract's state to newer code. Nothing can be chosen.
#[cw_serde]
pub struct MigrateMsg {}

/// What the code says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    /// Name under which cw2 stores the contract.
    pub name: &'a str,
    /// Version under which cw2 stores the contract, `major.minor.patch`.
    pub version: &'a str,
    /// The older versions whose state this code knows how to take over.
    pub takes_over: &'a [&'a str],
}

/// Why a state is not taken over.
#[derive(Error, Serialize, JsonSchema, Debug, Clone, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum MigrationError {
    /// The state belongs to another contract.
    #[error("{}", wire(self, "the state belongs to another contract"))]
    WrongContract {
        /// Name of this one.
        expected: String,
        /// Name in the state.
        found: String,
    },
    /// The state was written by newer code.
    #[error("{}", wire(self, "the state was written by newer code"))]
    NewerState {
        /// Version of this code.
        code: String,
        /// Version in the state.
        state: String,
    },
    /// The state was written by older code, from which no way leads to this one.
    #[error(
        "{}",
        wire(self, "this code does not know how to take over from that version")
    )]
    NoMigrationPath {
        /// Version of this code.
        code: String,
        /// Version in the state.
        state: String,
    },
    /// A version is not of the form `major.minor.patch`.
    #[error("{}", wire(self, "a version has the form major.minor.patch"))]
    UnreadableVersion {
        /// The version.
        version: String,
    },
}

/// Checks that `code` takes over the state that cw2 says `name` in `version` has written: its
/// own version, or an older one that it names.
///
/// # Errors
/// [`MigrationError`].
pub fn check(code: &Code<'_>, name: &str, version: &str) -> Result<(), MigrationError> {
    if name != code.name {
        return Err(MigrationError::WrongContract {
            expected: code.name.into(),
            found: name.into(),
        });
    }
    let (own, stored) = (parse(code.version)?, parse(version)?);
    if stored > own {
        return Err(MigrationError::NewerState {
            code: code.version.into(),
            state: version.into(),
        });
    }
    if stored < own && !code.takes_over.contains(&version) {
        return Err(MigrationError::NoMigrationPath {
            code: code.version.into(),
            state: version.into(),
        });
    }
    Ok(())
}

/// Major, minor and patch. Only digits: the standard parser would take `+1` for a number too.
fn parse(version: &str) -> Result<[u64; 3], MigrationError> {
    let number = |part: &str| {
        let is_digits = part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| is_digits)
    };
    let numbers: Option<Vec<u64>> = version.split('.').map(number).collect();
    numbers
        .and_then(|numbers| numbers.try_into().ok())
        .ok_or_else(|| MigrationError::UnreadableVersion {
            version: version.into(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: Code<'_> = Code {
        name: "bulwark-vault",
        version: "0.10.2",
        takes_over: &["0.9.12", "0.10.1"],
    };

    #[test]
    fn versions_compare_by_number() {
        let number = |version| parse(version).unwrap();
        assert!(number("0.10.0") > number("0.9.12"));
        assert!(number("1.0.0") > number("0.99.99"));
        for bad in ["", "1", "1.2", "1.2.3.4", "1.2.x", "1.2.3-rc", "1.+2.3"] {
            let version = bad.to_owned();
            assert_eq!(
                parse(bad),
                Err(MigrationError::UnreadableVersion { version })
            );
        }
    }

    #[test]
    fn pitfall_35_only_own_state_of_a_known_version_is_taken_over() {
        for known in ["0.10.2", "0.10.1", "0.9.12"] {
            assert_eq!(check(&CODE, "bulwark-vault", known), Ok(()));
        }
        let versions = |state: &str| (CODE.version.to_owned(), state.to_owned());
        for newer in ["0.10.3", "0.11.0", "1.0.0"] {
            let (code, state) = versions(newer);
            let refusal = MigrationError::NewerState { code, state };
            assert_eq!(check(&CODE, "bulwark-vault", newer), Err(refusal));
        }
        for unknown in ["0.10.0", "0.9.13", "0.0.0"] {
            let (code, state) = versions(unknown);
            let refusal = MigrationError::NoMigrationPath { code, state };
            assert_eq!(check(&CODE, "bulwark-vault", unknown), Err(refusal));
        }
        let refusal = MigrationError::WrongContract {
            expected: "bulwark-vault".into(),
            found: "bulwark-oracle".into(),
        };
        // Whose state it is comes first: another contract's version says nothing here.
        assert_eq!(check(&CODE, "bulwark-oracle", "x"), Err(refusal));
    }
}
