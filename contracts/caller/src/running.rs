//! The one thing that the caller keeps, and only for as long as a run takes.

use bulwark_types::packed::PackedItem;

/// Present during a run.
pub const RUNNING: PackedItem<bool> = PackedItem::new("running");
