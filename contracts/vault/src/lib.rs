//! The vault contract: margin accounts, lending pools, liquidation.
