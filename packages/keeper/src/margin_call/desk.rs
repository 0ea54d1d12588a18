//! Margin calls with everything that outlives the process.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bulwark_types::events::Liquidated;

use super::webhook::{Delivery, Outbox};
use super::{MarginCalls, Memory, Notice, append, file};
use crate::book::{Book, BookResult, Moment};
use crate::config::MarginCallConfig;
use crate::error::{KeeperError, KeeperResult};
use crate::scan::Found;

/// What margin calls are remembered in, in the keeper's folder.
const FILE: &str = "margin-calls.json";

/// How soon after the last time it is written down what the webhook has taken, if nothing else is to
/// be: whatever is lost of that comes twice.
const TAKEN_IN: Duration = Duration::from_secs(10);

/// Notices that wait for a disk that takes them; with more, the oldest are given up.
const MOST_UNWRITTEN: usize = 100_000;

/// Margin calls with everything that outlives the process.
#[derive(Debug)]
pub struct Desk {
    config: MarginCallConfig,
    path: PathBuf,
    calls: MarginCalls,
    outbox: Option<Outbox>,
    /// As it stands in the file.
    kept: Memory,
    /// Notices that do not stand in the file of notices yet.
    unwritten: Vec<Notice>,
    /// Notices that are handed to the webhook when it is written down that there are such.
    unsent: Vec<Notice>,
    /// Whether something has been told since it was written down.
    has_news: bool,
    /// Notices that the webhook had taken or refused when it was written down.
    settled: u64,
    /// When something was written down last.
    written: Option<Instant>,
}

impl Desk {
    /// Goes on where it was left. Notices are handed to a webhook only if `posts`; otherwise what
    /// the webhook has not been told stays in the file.
    ///
    /// # Errors
    /// [`KeeperError::File`], [`KeeperError::Memory`], [`KeeperError::OtherMemory`].
    pub fn open(
        config: MarginCallConfig,
        folder: &Path,
        vault: &str,
        posts: bool,
    ) -> KeeperResult<Self> {
        std::fs::create_dir_all(folder).map_err(KeeperError::file(folder))?;
        let path = folder.join(FILE);
        let mut kept = Memory::read(&path, vault)?;
        // It is not written down again that they stand there.
        kept.unwritten = file::missing(&config.file, std::mem::take(&mut kept.unwritten))?;
        let webhook = config.webhook.as_ref().filter(|_| posts);
        Ok(Self {
            outbox: webhook.map(|webhook| Outbox::new(kept.untold.clone(), webhook.queue)),
            calls: MarginCalls::resume(kept.called.clone()).having_told(kept.liquidations.clone()),
            has_news: !kept.unwritten.is_empty(),
            unwritten: kept.unwritten.clone(),
            unsent: Vec::new(),
            settled: 0,
            written: None,
            config,
            path,
            kept,
        })
    }

    /// What waits for the webhook, if there is one.
    #[must_use]
    pub const fn outbox(&self) -> Option<&Outbox> {
        self.outbox.as_ref()
    }

    /// How telling goes.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.outbox
            .as_ref()
            .map(Outbox::delivery)
            .unwrap_or_default()
    }

    /// Looks at the accounts after a block, as [`MarginCalls::after`], and returns what is told.
    ///
    /// # Errors
    /// If the vault's records do not load.
    pub fn after(
        &mut self,
        book: &Book,
        moment: Moment,
        found: &Found,
        liquidated: &[Liquidated],
    ) -> BookResult<Vec<Notice>> {
        let notices = self
            .calls
            .after(book, moment, found, liquidated, &self.config)?;
        self.has_news |= !notices.is_empty();
        self.unwritten.extend(notices.iter().cloned());
        let surplus = self.unwritten.len().saturating_sub(MOST_UNWRITTEN);
        self.unwritten.drain(..surplus);
        self.unsent.extend(notices.iter().cloned());
        Ok(notices)
    }

    /// Writes down what has changed: first what there is to be told, then the file of notices; and
    /// hands what is new to the webhook, written down or not. What cannot be written is tried again
    /// with the next call. That the webhook has taken something waits for a while.
    ///
    /// # Errors
    /// [`KeeperError::File`].
    pub fn keep(&mut self) -> KeeperResult<()> {
        let may_wait = self.written.is_some_and(|at| at.elapsed() < TAKEN_IN);
        self.keep_all(may_wait)
    }

    /// The same at the end, when nothing waits.
    ///
    /// # Errors
    /// [`KeeperError::File`].
    pub fn close(&mut self) -> KeeperResult<()> {
        self.keep_all(false)
    }

    fn keep_all(&mut self, may_wait: bool) -> KeeperResult<()> {
        let kept = self.write_down(may_wait);
        let unsent = std::mem::take(&mut self.unsent);
        if let Some(outbox) = self.outbox.as_ref().filter(|_| !unsent.is_empty()) {
            outbox.add(unsent);
        }
        kept
    }

    fn write_down(&mut self, may_wait: bool) -> KeeperResult<()> {
        let Delivery { told, given_up, .. } = self.delivery();
        let settled = told + given_up;
        if !self.has_news && (may_wait || self.settled == settled) {
            return Ok(());
        }
        let untold = match &self.outbox {
            Some(outbox) => {
                let mut untold = outbox.waiting();
                untold.extend(self.unsent.iter().cloned());
                untold
            }
            None => std::mem::take(&mut self.kept.untold),
        };
        self.kept.called = self.calls.called();
        self.kept.liquidations.clone_from(self.calls.liquidations());
        self.kept.unwritten.clone_from(&self.unwritten);
        self.kept.untold = untold;
        self.kept.write(&self.path)?;
        self.settled = settled;
        self.written = Some(Instant::now());
        if !self.unwritten.is_empty() {
            append(&self.config.file, &self.unwritten)?;
            self.unwritten.clear();
        }
        self.has_news = false;
        Ok(())
    }
}
