//! What happened, in order.

use std::fmt::Write;

use crate::report::data::{ReportData, StoryKind};
use crate::report::format;
use crate::report::html::{escape, section};

/// The most events that are listed.
const MAX_EVENTS: usize = 300;

pub fn render(data: &ReportData) -> String {
    let mut list = String::from("<ol class=\"story\">");
    for event in data.story.iter().take(MAX_EVENTS) {
        let class = match event.kind {
            StoryKind::Note => "note-event",
            StoryKind::Price => "price",
            StoryKind::MarginCall => "call",
            StoryKind::Liquidation => "liquidation",
            StoryKind::BadDebt => "loss",
        };
        // Writing to a string cannot fail.
        let _ = write!(
            list,
            "<li class=\"{class}\"><time>{}</time><span>{}</span></li>",
            format::moment(event.timestamp),
            escape(&event.text)
        );
    }
    list.push_str("</ol>");
    if data.story.len() > MAX_EVENTS {
        let _ = write!(
            list,
            "<p class=\"note\">The first {MAX_EVENTS} of {} events are listed.</p>",
            format::count(data.story.len() as u64)
        );
    }
    section(
        "story",
        "What happened",
        "The run’s turning points, in the order of time.",
        &list,
    )
}
