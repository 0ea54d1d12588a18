//! Messages, events, records and typed handles of the Bulwark contracts.
