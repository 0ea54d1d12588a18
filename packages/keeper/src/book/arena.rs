//! Runs of elements of different lengths in one block of memory. A run that is given up is used
//! again for one of the same length; when too much lies fallow, the runs are moved together.

use std::collections::BTreeMap;

use super::error::{BookError, BookResult};

/// Where a run of elements stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    start: u32,
    length: u16,
}

impl Span {
    /// Whether the run has no elements.
    pub const fn is_empty(self) -> bool {
        self.length == 0
    }
}

/// Runs of elements.
#[derive(Debug)]
pub struct Arena<T> {
    elements: Vec<T>,
    /// Starts of runs that were given up, by length.
    free: BTreeMap<u16, Vec<u32>>,
    /// Elements in them.
    fallow: usize,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self {
            elements: Vec::new(),
            free: BTreeMap::new(),
            fallow: 0,
        }
    }
}

impl<T: Copy> Arena<T> {
    /// The elements of a run.
    pub fn get(&self, span: Span) -> &[T] {
        let start = span.start as usize;
        &self.elements[start..start + usize::from(span.length)]
    }

    /// Stores a run.
    ///
    /// # Errors
    /// [`BookError::Full`] beyond 2^32 elements in all or 2^16 in the run.
    pub fn insert(&mut self, run: &[T]) -> BookResult<Span> {
        let full = |_| BookError::Full {
            elements: self.elements.len(),
        };
        let length = u16::try_from(run.len()).map_err(full)?;
        if length == 0 {
            return Ok(Span::default());
        }
        if let Some(start) = self.free.get_mut(&length).and_then(Vec::pop) {
            self.fallow -= run.len();
            let at = start as usize;
            self.elements[at..at + run.len()].copy_from_slice(run);
            return Ok(Span { start, length });
        }
        let start = u32::try_from(self.elements.len()).map_err(full)?;
        u32::try_from(self.elements.len() + run.len()).map_err(full)?;
        make_room(&mut self.elements, run.len());
        self.elements.extend_from_slice(run);
        Ok(Span { start, length })
    }

    /// Gives a run up.
    pub fn remove(&mut self, span: Span) {
        if !span.is_empty() {
            self.fallow += usize::from(span.length);
            self.free.entry(span.length).or_default().push(span.start);
        }
    }

    /// Stores a run in the place of another, where it stands if the lengths agree.
    ///
    /// # Errors
    /// As [`Self::insert`]; the old run then stands.
    pub fn replace(&mut self, span: Span, run: &[T]) -> BookResult<Span> {
        if run.len() == usize::from(span.length) {
            let start = span.start as usize;
            self.elements[start..start + run.len()].copy_from_slice(run);
            return Ok(span);
        }
        let new = self.insert(run)?;
        self.remove(span);
        Ok(new)
    }

    /// Whether more than a quarter lies fallow.
    pub fn is_wasteful(&self) -> bool {
        self.fallow > 1024 && self.fallow > self.elements.len() / 4
    }

    /// Moves the runs together in the order in which they are handed in; all of them have to be.
    pub fn compact<'a>(&mut self, spans: impl Iterator<Item = &'a mut Span>) {
        let mut moved = Vec::with_capacity(self.elements.len() - self.fallow);
        for span in spans.filter(|span| !span.is_empty()) {
            let start = moved.len() as u32;
            moved.extend_from_slice(self.get(*span));
            span.start = start;
        }
        self.elements = moved;
        self.free.clear();
        self.fallow = 0;
    }
}

/// Makes room at the end, by an eighth of what is there: doubling, as vectors do by themselves,
/// would leave up to half of the memory unused.
pub fn make_room<T>(vector: &mut Vec<T>, more: usize) {
    if vector.capacity() - vector.len() < more {
        vector.reserve_exact(more.max(vector.len() / 8 + 16));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_run_that_was_given_up_is_used_again() {
        let mut arena = Arena::default();
        let first = arena.insert(&[1, 2, 3]).unwrap();
        let second = arena.insert(&[4]).unwrap();
        arena.remove(first);
        let third = arena.insert(&[5, 6, 7]).unwrap();
        assert_eq!(first, third);
        assert_eq!(arena.get(second), [4]);
        assert_eq!(arena.get(third), [5, 6, 7]);
    }

    proptest! {
        #[test]
        fn runs_hold_what_was_put_there_whatever_happens_to_others(
            steps in proptest::collection::vec((0usize..40, 0u16..30, any::<u8>()), 1..400),
        ) {
            let mut arena = Arena::default();
            let mut model: Vec<(Span, Vec<u8>)> = vec![Default::default(); 40];
            for (at, length, value) in steps {
                let run = vec![value; usize::from(length)];
                let (span, known) = &mut model[at];
                *span = arena.replace(*span, &run).unwrap();
                *known = run;
                if value < 8 {
                    arena.compact(model.iter_mut().map(|(span, _)| span));
                    let live: usize = model.iter().map(|(_, run)| run.len()).sum();
                    prop_assert_eq!(arena.elements.len(), live);
                }
                for (span, run) in &model {
                    prop_assert_eq!(arena.get(*span), run.as_slice());
                }
            }
        }
    }
}
