//! What a demo leaves behind: the report as a page and as data, and the summary on stdout.

use std::fs;
use std::path::{Path, PathBuf};

use bulwark_simulator::engine::Outcome;
use bulwark_simulator::report::{ReportData, render};

use super::Failure;

/// Creates the folder before the run, so that a folder that cannot be written costs no time.
pub fn prepare(out: &Path) -> Result<PathBuf, Failure> {
    fs::create_dir_all(out).map_err(|error| Failure::Write {
        path: out.to_owned(),
        error,
    })?;
    Ok(out.to_owned())
}

/// Writes `report.html` and `report.json`; the page's path.
pub fn write(out: &Path, report: &ReportData) -> Result<PathBuf, Failure> {
    let page = out.join("report.html");
    save(&page, &render(report))?;
    save(&out.join("report.json"), &serde_json::to_string(report)?)?;
    Ok(page)
}

/// Prints the summary as the last line of stdout.
pub fn print_json(outcome: &Outcome) -> Result<(), Failure> {
    println!("{}", serde_json::to_string(outcome)?);
    Ok(())
}

fn save(path: &Path, content: &str) -> Result<(), Failure> {
    fs::write(path, content).map_err(|error| Failure::Write {
        path: path.to_owned(),
        error,
    })
}
