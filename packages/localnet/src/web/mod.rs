//! The page of a local network: files of a built page, and the network's `config.json` beside them, over
//! HTTP on 127.0.0.1, by a process of its own.

mod policy;
mod serve;
mod serving;
mod site;

pub use serve::{Served, serve};
pub(crate) use serving::process;
pub use serving::{
    WebStatus, check as check_web, log as web_log, look as look_at_web, start as start_web,
};
