//! The run's turning points as sentences.

use crate::report::{StoryEvent, StoryKind};

/// Events of each kind that a report lists: the weightiest.
const KEPT: usize = 50;

/// Margin calls among them: they are many, and one is like the other.
const KEPT_CALLS: usize = 20;

const KINDS: [StoryKind; 5] = [
    StoryKind::Note,
    StoryKind::Price,
    StoryKind::MarginCall,
    StoryKind::Liquidation,
    StoryKind::BadDebt,
];

/// Events in the order of time, each with a weight among its kind.
#[derive(Clone, Debug, Default)]
pub struct Story {
    events: Vec<(StoryEvent, f64)>,
}

impl Story {
    /// Adds an event; of two of a kind the heavier one is told first when there is no room for
    /// both.
    pub fn add(&mut self, timestamp: u64, kind: StoryKind, weight: f64, text: String) {
        let event = StoryEvent {
            timestamp,
            kind,
            text,
        };
        self.events.push((event, weight));
    }

    /// At most so many events of each kind, the weightiest, in the order of time.
    pub fn told(&self, of_each_kind: usize) -> Vec<StoryEvent> {
        let mut kept: Vec<usize> = Vec::new();
        for kind in KINDS {
            let mut of_kind: Vec<(usize, f64)> = self
                .events
                .iter()
                .enumerate()
                .filter(|(_, (event, _))| event.kind == kind)
                .map(|(number, (_, weight))| (number, *weight))
                .collect();
            of_kind.sort_by(|a, b| b.1.total_cmp(&a.1));
            let most = match kind {
                StoryKind::MarginCall => of_each_kind.min(KEPT_CALLS),
                _ => of_each_kind,
            };
            kept.extend(of_kind.into_iter().take(most).map(|(number, _)| number));
        }
        kept.sort_unstable();
        kept.into_iter()
            .filter_map(|number| self.events.get(number))
            .map(|(event, _)| event.clone())
            .collect()
    }

    /// The events that a report lists.
    pub fn of_report(&self) -> Vec<StoryEvent> {
        self.told(KEPT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weightiest_events_are_told_in_the_order_of_time() {
        let mut story = Story::default();
        for (time, weight) in [(1, 5.0), (2, 1.0), (3, 9.0), (4, 3.0)] {
            story.add(time, StoryKind::Price, weight, String::new());
        }
        story.add(5, StoryKind::Note, 0.0, String::new());
        let told: Vec<u64> = story.told(2).iter().map(|event| event.timestamp).collect();
        assert_eq!(told, [1, 3, 5]);
    }
}
