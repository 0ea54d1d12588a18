//! Messages, events, records and typed handles of the Bulwark contracts, and the few rules
//! of storage and governance that both contracts share.

pub mod caller;
pub mod decode;
pub mod events;
pub mod governance;
pub mod liquidator;
pub mod migration;
pub mod oracle;
pub mod packed;
pub mod page;
pub mod sorted;
pub mod token;
pub mod valuation;
pub mod vault;
pub mod wire;
