//! `bulwark localnet serve`: the page's server, which `up --web` starts.

use std::path::PathBuf;

use bulwark_localnet::web::serve;
use clap::Args;

use super::{Failure, HomeArgs, runtime};

/// What is served where.
#[derive(Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    home: HomeArgs,
    /// The page's folder.
    #[arg(long, value_name = "DIR")]
    root: PathBuf,
    /// The port on 127.0.0.1; 0: whatever is free.
    #[arg(long, value_name = "PORT")]
    port: u16,
}

/// Serves until the network is gone.
pub(super) fn run(args: &ServeArgs) -> Result<(), Failure> {
    let home = args.home.folder()?;
    let serving = serve(&home, &args.root, args.port, |served| {
        println!("serving {} on port {}", served.root.display(), served.port);
    });
    Ok(runtime()?.block_on(serving)?)
}
