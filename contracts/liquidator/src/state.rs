//! The one thing that is stored.

use bulwark_types::packed::PackedItem;
use cosmwasm_std::Addr;

/// The only vault that is served.
pub const VAULT: PackedItem<Addr> = PackedItem::new("vault");
