//! Addresses of a chain. Nothing else of a chain's interface is needed to answer queries.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use cosmwasm_std::{
    Addr, Api, CanonicalAddr, RecoverPubkeyError, StdError, StdResult, VerificationError,
};

/// Addresses with a chain's prefix.
#[derive(Clone, Debug)]
pub struct Addresses {
    prefix: String,
}

impl Addresses {
    /// Of a chain with this prefix.
    pub fn new(prefix: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
        }
    }
}

/// What no query of the vault asks for.
const UNSUPPORTED: u32 = u32::MAX;

impl Api for Addresses {
    fn addr_validate(&self, human: &str) -> StdResult<Addr> {
        let normal = self.addr_humanize(&self.addr_canonicalize(human)?)?;
        if normal.as_str() != human {
            return Err(StdError::msg(format!(
                "the address {human} is not in its normal form"
            )));
        }
        Ok(normal)
    }

    fn addr_canonicalize(&self, human: &str) -> StdResult<CanonicalAddr> {
        let parsed = CheckedHrpstring::new::<Bech32>(human)?;
        if parsed.hrp().as_str() != self.prefix {
            return Err(StdError::msg(format!(
                "the address {human} is of another chain"
            )));
        }
        let bytes: Vec<u8> = parsed.byte_iter().collect();
        Ok(bytes.into())
    }

    fn addr_humanize(&self, canonical: &CanonicalAddr) -> StdResult<Addr> {
        let prefix = Hrp::parse(&self.prefix)?;
        let human = bech32::encode::<Bech32>(prefix, canonical.as_slice())?;
        Ok(Addr::unchecked(human))
    }

    fn secp256k1_verify(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<bool, VerificationError> {
        Err(VerificationError::unknown_err(UNSUPPORTED))
    }

    fn secp256k1_recover_pubkey(
        &self,
        _: &[u8],
        _: &[u8],
        _: u8,
    ) -> Result<Vec<u8>, RecoverPubkeyError> {
        Err(RecoverPubkeyError::unknown_err(UNSUPPORTED))
    }

    fn ed25519_verify(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<bool, VerificationError> {
        Err(VerificationError::unknown_err(UNSUPPORTED))
    }

    fn ed25519_batch_verify(
        &self,
        _: &[&[u8]],
        _: &[&[u8]],
        _: &[&[u8]],
    ) -> Result<bool, VerificationError> {
        Err(VerificationError::unknown_err(UNSUPPORTED))
    }

    fn debug(&self, _: &str) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_back_from_its_bytes() {
        let api = Addresses::new("wasm");
        for length in [20_u8, 32] {
            let canonical = CanonicalAddr::from((0..length).collect::<Vec<_>>());
            let human = api.addr_humanize(&canonical).unwrap();
            assert!(human.as_str().starts_with("wasm1"));
            assert_eq!(api.addr_validate(human.as_str()).unwrap(), human);
            assert_eq!(api.addr_canonicalize(human.as_str()).unwrap(), canonical);
            let upper = human.as_str().to_uppercase();
            assert!(api.addr_validate(&upper).is_err(), "not its normal form");
            assert!(
                Addresses::new("osmo")
                    .addr_validate(human.as_str())
                    .is_err()
            );
        }
        assert!(api.addr_validate("wasm1qqqq").is_err());
    }
}
