//! The page around the sections.

use super::data::ReportData;
use super::html::escape;
use super::sections;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("hover.js");

/// The whole report as one HTML document.
pub fn render(data: &ReportData) -> String {
    let body = [
        sections::head::render(data),
        sections::markets::render(data),
        sections::account::render(data),
        sections::prices::render(data),
        sections::haircuts::render(data),
        sections::story::render(data),
        sections::ratios::render(data),
        sections::liquidations::render(data),
        sections::books::render(data),
        sections::pools::render(data),
        sections::bad_debt::render(data),
        sections::balance::render(data),
    ]
    .concat();
    document(&data.meta.title, &body)
}

/// A page with this title (text) and content (HTML).
pub fn document(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title}</title>\n<style>\n{STYLE}</style></head>\n<body><main>{body}</main>\n\
         <script>\n{SCRIPT}</script></body></html>\n"
    )
}
