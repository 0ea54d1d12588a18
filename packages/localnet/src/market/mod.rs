//! Bulwark on a local network: its contracts, markets for the coins of a price path, and a feeder
//! that replays the path.

mod client_config;
mod deploy;
mod deployment;
mod exchange;
mod feeder;
pub(crate) mod feeding;
mod held;
mod positions;
mod reach;
mod replay;
mod speed;

pub use client_config::{client_config_file, write_client_config};
pub use deploy::{deploy, deployment_file};
pub use deployment::deployment;
pub use exchange::{Exchange, open_exchange};
pub use feeder::{Posted, feed};
pub use feeding::{FeederStatus, log as feeder_log, look as look_at_feeder, start as start_feeder};
pub use held::{CoinPrice, hold, price_of, prices, release};
pub use positions::{Positions, open_positions};
pub use replay::Replay;
pub use speed::{Speed, at_speed};
