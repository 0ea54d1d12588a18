//! `bulwark demo`: a price path played against the contracts.

mod failure;
mod output;
mod progress;

use std::path::PathBuf;

use bulwark_simulator::engine::{self, MAX_ACCOUNTS, Run, RunConfig, SimulationError, console};
use bulwark_simulator::prices::{PathConfig, PriceTable, csv};
use clap::Args;

pub use failure::Failure;
use progress::ProgressLine;

/// Accounts unless asked for others.
const ACCOUNTS: u64 = 200;

/// What to play, and where to report.
#[derive(Args)]
pub struct DemoArgs {
    /// A CSV file `timestamp,<SYMBOL>,…` with prices in USD; a path with a crash is generated
    /// without it.
    #[arg(long, value_name = "FILE.csv")]
    prices: Option<PathBuf>,

    /// Accounts of borrowers.
    #[arg(long, value_name = "N", default_value_t = ACCOUNTS, value_parser = clap::value_parser!(u64).range(1..=MAX_ACCOUNTS as u64))]
    accounts: u64,

    /// Where everything random comes from: the same seed gives the same run.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,

    /// Rows to play: the length of the generated path, or the first rows of the file.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..))]
    steps: Option<u64>,

    /// Folder for report.html and report.json.
    #[arg(long, value_name = "DIR", default_value = "target/bulwark/demo")]
    out: PathBuf,

    /// Prints one JSON object instead of the story.
    #[arg(long)]
    json: bool,

    /// Corrupts the state half-way so that this invariant is broken, to see it noticed.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=20))]
    sabotage: Option<u8>,
}

/// Plays the path, tells the story and writes the report.
///
/// # Errors
/// A price file or folder that cannot be used, a run that cannot go on, a broken invariant.
pub fn run(args: &DemoArgs) -> Result<(), Failure> {
    let config = RunConfig {
        table: prices(args)?,
        accounts: usize::try_from(args.accounts).unwrap_or(usize::MAX),
        seed: args.seed,
        sabotage: args.sabotage,
        title: title(args),
        price_source: source(args),
        command_line: command_line(args),
    };
    let out = output::prepare(&args.out)?;
    let mut line = ProgressLine::new();
    let run = engine::run(&config, &mut |progress| line.show(progress))?;
    line.done();
    let report = output::write(&out, &run.report)?;
    if args.json {
        output::print_json(&run.outcome)?;
    } else {
        print!("{}", console::tell(&run));
        println!("The report with plots: {}", report.display());
    }
    verdict(args, &run)
}

fn prices(args: &DemoArgs) -> Result<PriceTable, Failure> {
    let wanted = args
        .steps
        .map(|steps| usize::try_from(steps).unwrap_or(usize::MAX));
    let Some(file) = &args.prices else {
        let standard = PathConfig::default();
        let config = PathConfig {
            seed: args.seed,
            steps: wanted.unwrap_or(standard.steps),
            ..standard
        };
        return Ok(config.generate()?);
    };
    let mut table = csv::read(file).map_err(|error| Failure::Prices {
        file: file.clone(),
        error,
    })?;
    if let Some(wanted) = wanted {
        table.truncate(wanted);
    }
    Ok(table)
}

fn title(args: &DemoArgs) -> String {
    match &args.prices {
        None => "Bulwark demo: a generated crash".to_owned(),
        Some(file) => format!(
            "Bulwark demo: {}",
            file.file_stem().unwrap_or_default().to_string_lossy()
        ),
    }
}

fn source(args: &DemoArgs) -> String {
    match &args.prices {
        None => format!("generated, seed {}", args.seed),
        Some(file) => file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
    }
}

/// The command that repeats the run.
fn command_line(args: &DemoArgs) -> String {
    let mut words = vec!["bulwark demo".to_owned()];
    if let Some(file) = &args.prices {
        words.push(format!("--prices {}", file.display()));
    }
    words.push(format!("--accounts {} --seed {}", args.accounts, args.seed));
    if let Some(steps) = args.steps {
        words.push(format!("--steps {steps}"));
    }
    if let Some(invariant) = args.sabotage {
        words.push(format!("--sabotage {invariant}"));
    }
    words.join(" ")
}

/// What the exit code says.
fn verdict(args: &DemoArgs, run: &Run) -> Result<(), Failure> {
    let outcome = &run.outcome;
    if outcome.violations > 0 {
        return Err(Failure::Broken {
            invariants: outcome.broken_invariants.clone(),
            first: run
                .report
                .verdict
                .first_violations
                .first()
                .map(|violation| violation.text.clone())
                .unwrap_or_default(),
        });
    }
    if !outcome.solvent {
        return Err(Failure::Insolvent);
    }
    match args.sabotage {
        Some(invariant) => Err(Failure::Unnoticed { invariant }),
        None => Ok(()),
    }
}

impl From<SimulationError> for Failure {
    fn from(error: SimulationError) -> Self {
        Self::Run { error }
    }
}
