//! Independent jobs on all cores; the answers come in the order of the jobs.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use super::error::StudyError;

/// Does all jobs. `done` is told how many are done, after each.
///
/// # Errors
/// The first error of a job in their order, or [`StudyError::Worker`].
pub fn map<J: Sync, R: Send>(
    jobs: &[J],
    work: impl Fn(&J) -> Result<R, StudyError> + Sync,
    mut done: impl FnMut(usize),
) -> Result<Vec<R>, StudyError> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let (sender, answers) = mpsc::channel();
    let mut results: Vec<Option<Result<R, StudyError>>> = jobs.iter().map(|_| None).collect();
    thread::scope(|scope| {
        for _ in 0..workers {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                while let Some((at, job)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    jobs.get(at).map(|job| (at, job))
                } {
                    // Nobody listens only when the study has failed already.
                    let _ = sender.send((at, work(job)));
                }
            });
        }
        drop(sender);
        for (count, (at, answer)) in answers.iter().enumerate() {
            results[at] = Some(answer);
            done(count + 1);
        }
    });
    results
        .into_iter()
        .map(|answer| answer.unwrap_or(Err(StudyError::Worker)))
        .collect()
}
