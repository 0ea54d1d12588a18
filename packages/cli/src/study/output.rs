//! What a study leaves behind: the report as a page and as data, and the verdict on stdout.

use std::fs;
use std::path::{Path, PathBuf};

use bulwark_simulator::study::{StudyReport, render};

use super::Failure;

/// Creates the folder before the study, so that a folder that cannot be written costs no time.
pub fn prepare(out: &Path) -> Result<PathBuf, Failure> {
    fs::create_dir_all(out).map_err(|error| Failure::Write {
        path: out.to_owned(),
        error,
    })?;
    Ok(out.to_owned())
}

/// Writes `report.html` and `report.json`; the page's path.
pub fn write(out: &Path, report: &StudyReport) -> Result<PathBuf, Failure> {
    let page = out.join("report.html");
    save(&page, &render(report))?;
    save(&out.join("report.json"), &serde_json::to_string(report)?)?;
    Ok(page)
}

/// Prints the report as one line of JSON.
pub fn print_json(report: &StudyReport) -> Result<(), Failure> {
    println!("{}", serde_json::to_string(report)?);
    Ok(())
}

/// Prints the verdict.
pub fn tell(report: &StudyReport) {
    for path in &report.paths {
        println!(
            "{}: {} rows, {}",
            path.name,
            path.rows,
            path.symbols.join(" ")
        );
        for (symbol, reason) in &path.left_out {
            println!("  {symbol} is left out: {reason}");
        }
    }
    for verdict in &report.verdicts {
        println!("\n{}", verdict.feature.name());
        for sentence in &verdict.sentences {
            println!("  {sentence}");
        }
    }
    if !report.sweep.is_empty() {
        println!("\nOther numbers than the defaults, at equal borrowing power, with price impact");
        println!("  bad debt ×  better  worse");
    }
    for row in &report.sweep {
        println!(
            "  {:>10.2}  {:>6}  {:>5}  {} {}",
            row.log_ratio.exp(),
            row.better,
            row.worse,
            row.parameter,
            row.value
        );
    }
    println!();
}

fn save(path: &Path, content: &str) -> Result<(), Failure> {
    fs::write(path, content).map_err(|error| Failure::Write {
        path: path.to_owned(),
        error,
    })
}
