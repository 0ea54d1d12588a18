//! The study as a page.

mod paths;
mod sweep;
mod verdicts;

use super::result::StudyReport;
use crate::report::document;

/// The study as one HTML document that needs no network.
pub fn render(report: &StudyReport) -> String {
    let body = [
        verdicts::head(report),
        verdicts::render(report),
        verdicts::method(report),
        paths::overview(report),
        sweep::render(&report.sweep),
        paths::render(report),
    ]
    .concat();
    document("Bulwark: the risk study", &body)
}
