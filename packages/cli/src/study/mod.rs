//! `bulwark study`: what each feature of the margin formula is worth.

mod failure;
mod files;
mod output;
mod progress;

use std::path::PathBuf;

use bulwark_simulator::study::{
    self, MAX_ACCOUNTS, MAX_GENERATED, MIN_ACCOUNTS, Settings, StudyConfig,
};
use clap::Args;

pub use failure::Failure;
use progress::ProgressLine;

/// Owners on every path unless asked for others.
const ACCOUNTS: u64 = 60;

/// Generated paths unless asked for others.
const GENERATED: u64 = 4;

/// What to study, and where to report.
#[derive(Args)]
pub struct StudyArgs {
    /// CSV files `timestamp,<SYMBOL>,…` with prices in USD. Without it, all of the folder that
    /// BULWARK_PRICES names; without that, generated paths only.
    #[arg(long, value_name = "FILE.csv", num_args = 1..)]
    prices: Vec<PathBuf>,

    /// Generated paths, beside the files.
    #[arg(long, value_name = "N", default_value_t = GENERATED, value_parser = clap::value_parser!(u64).range(0..=MAX_GENERATED as u64))]
    generated: u64,

    /// Owners of accounts on every path.
    #[arg(long, value_name = "N", default_value_t = ACCOUNTS, value_parser = clap::value_parser!(u64).range(MIN_ACCOUNTS as u64..=MAX_ACCOUNTS as u64))]
    accounts: u64,

    /// Where everything random comes from: the same seed gives the same study.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,

    /// Changes single parameters as well, to see whether other defaults would be better.
    #[arg(long)]
    sweep: bool,

    /// Folder for report.html and report.json.
    #[arg(long, value_name = "DIR", default_value = "target/bulwark/study")]
    out: PathBuf,

    /// Prints one JSON object instead of the verdict.
    #[arg(long)]
    json: bool,
}

/// Makes the study, tells the verdict and writes the report.
///
/// # Errors
/// Price files or a folder that cannot be used, and what the study itself refuses.
pub fn run(args: &StudyArgs) -> Result<(), Failure> {
    let files = files::files(&args.prices)?;
    if files.is_empty() {
        eprintln!("no price files (--prices, BULWARK_PRICES): generated paths only");
    }
    let config = StudyConfig {
        accounts: usize::try_from(args.accounts).unwrap_or(usize::MAX),
        seed: args.seed,
        generated: usize::try_from(args.generated).unwrap_or(usize::MAX),
        tables: files::tables(&files)?,
        sweep: args.sweep,
        settings: Settings::default(),
        command_line: command_line(args, &files),
    };
    let out = output::prepare(&args.out)?;
    let mut line = ProgressLine::new();
    let report = study::run(&config, &mut |progress| line.show(progress))?;
    line.done();
    let page = output::write(&out, &report)?;
    if args.json {
        output::print_json(&report)?;
    } else {
        output::tell(&report);
        println!("The report with plots: {}", page.display());
    }
    Ok(())
}

/// The command that repeats the study.
fn command_line(args: &StudyArgs, files: &[PathBuf]) -> String {
    let mut words = vec![format!(
        "bulwark study --accounts {} --seed {} --generated {}",
        args.accounts, args.seed, args.generated
    )];
    if args.sweep {
        words.push("--sweep".to_owned());
    }
    if !files.is_empty() {
        words.push("--prices".to_owned());
        words.extend(files.iter().map(|file| file.display().to_string()));
    }
    words.join(" ")
}
