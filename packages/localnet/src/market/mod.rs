//! Bulwark on a local network: its contracts, markets for the coins of a price path, and a feeder
//! that replays the path.

mod deploy;
mod deployment;
mod feeder;
pub(crate) mod feeding;
mod held;
mod replay;
mod speed;

pub use deploy::{deploy, deployment_file};
pub use deployment::deployment;
pub use feeder::{Posted, feed};
pub use feeding::{FeederStatus, log as feeder_log, look as look_at_feeder, start as start_feeder};
pub use held::{CoinPrice, hold, price_of, prices, release};
pub use replay::Replay;
pub use speed::{Speed, at_speed};
