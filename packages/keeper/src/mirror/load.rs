//! The first look: everything at one height, or what an earlier run has left.

use std::path::{Path, PathBuf};

use bulwark_chain::client::BlockStamp;
use bulwark_chain::events::Watcher;
use bulwark_chain::{ChainError, Client};

use super::error::{FileError, MirrorError, MirrorResult};
use super::file::{self, Contents, Head, Records, Writer};
use super::health::{HealthView, State};
use super::layout::{self, Stretch};
use super::read::{Reader, Sink};
use super::touched::Places;
use super::verify::Round;
use super::{Difference, Lost, Mirror, Options};
use crate::book::{Book, BookError};
use crate::lock::Lock;

/// How a load goes on.
#[derive(Debug)]
pub enum Progress {
    /// A file that is there is of no use.
    Unusable(FileError),
    /// A whole mirror of an earlier run is taken up.
    TakenUp {
        /// The block whose state it has.
        height: u64,
        /// How many accounts it has.
        accounts: usize,
    },
    /// A load that was cut off goes on.
    Resumed {
        /// The block whose state is read.
        height: u64,
        /// How many records it has read.
        records: u64,
    },
    /// Everything is read from the beginning.
    Begun {
        /// The block whose state is read.
        height: u64,
    },
    /// Another page was read.
    Read {
        /// Records so far.
        records: u64,
    },
    /// No node has the state of that block any more: it begins anew at another one.
    Pruned {
        /// The block.
        height: u64,
    },
}

/// Hears how a load goes on.
pub type Listener<'a> = &'a mut (dyn FnMut(Progress) + Send);

/// Where a whole mirror stands.
pub fn whole(options: &Options) -> Option<PathBuf> {
    let folder = options.folder.as_ref();
    folder.map(|folder| folder.join("mirror"))
}

/// Where a load notes what it has read.
fn partial(options: &Options) -> Option<PathBuf> {
    let folder = options.folder.as_ref();
    folder.map(|folder| folder.join("mirror.partial"))
}

impl Mirror {
    /// A mirror of a vault and its oracle, with the book that it keeps up.
    ///
    /// Waits for endpoints as long as it takes; `listener` hears how it goes on, and `health` can be
    /// looked at meanwhile. A mirror that an earlier run has saved is taken up if not too many blocks
    /// were missed. A load that is cut off goes on where it was, at the same height, unless no node has
    /// that any more.
    ///
    /// # Errors
    /// [`MirrorError::NoVault`], [`MirrorError::Settings`], [`MirrorError::File`] if the folder
    /// cannot be written to or another mirror has it, [`MirrorError::Chain`].
    pub async fn open(
        client: Client,
        vault: &str,
        options: Options,
        health: HealthView,
        listener: Listener<'_>,
    ) -> MirrorResult<(Self, Book)> {
        let lock = lock(&options)?;
        let reader = Reader { client, health };
        reader.client.survey().await;
        let newest = reader.patiently(|| reader.client.latest_block()).await?;
        let earlier = whole(&options).and_then(|path| usable(&reader, vault, &path, listener));
        let earlier = earlier.filter(|found| found.is_whole && found.head.height <= newest.height);
        let (book, height, lost) = match earlier {
            Some(Contents { head, book, .. }) => {
                let (height, accounts) = (head.height, book.accounts());
                listener(Progress::TakenUp { height, accounts });
                let missed = newest.height - height;
                let lost = (missed > options.most_missed).then_some(Lost::Missed(missed));
                (book, height, lost)
            }
            None => {
                let (book, height) = load(&reader, vault, &options, newest, listener).await?;
                (book, height, None)
            }
        };
        let from = Some(height + 1);
        let watch = || Watcher::new(reader.client.clone(), from);
        let watcher = reader.patiently(watch).await?;
        let stamp = match reader.client.block(height).await {
            Ok(stamp) => stamp,
            // It is told with the next block.
            Err(_) => BlockStamp { height, ..newest },
        };
        reader.health.reached(stamp);
        let endpoint = reader.client.endpoint().to_owned();
        let endpoints = reader.client.endpoints();
        reader.health.change(|health| {
            health.state = State::Following;
            health.endpoint = endpoint;
            health.endpoints = endpoints;
        });
        let mirror = Self {
            places: Places::of(book.deployment()),
            reader,
            watcher,
            options,
            vault: vault.into(),
            height,
            pending: Vec::new(),
            lost,
            owes: false,
            late: Vec::new(),
            without: None,
            round: Round::default(),
            _lock: lock,
        };
        Ok((mirror, book))
    }
}

/// The lock of the folder, if there is one.
fn lock(options: &Options) -> Result<Option<Lock>, FileError> {
    let Some(folder) = &options.folder else {
        return Ok(None);
    };
    let path = folder.join("mirror.lock");
    match Lock::take(&path) {
        Ok(Some(lock)) => Ok(Some(lock)),
        Ok(None) => Err(FileError::InUse { path }),
        Err(error) => Err(FileError::System { path, error }),
    }
}

/// What a file holds, if it can be used.
fn usable(reader: &Reader, vault: &str, path: &Path, listener: Listener<'_>) -> Option<Contents> {
    let name = |chain_id: &str, vault: &str| format!("{vault} on {chain_id}");
    let expected = name(&reader.client.network().chain_id, vault);
    let found = file::read(path).and_then(|found| match found {
        Some(found) if name(&found.head.chain_id, &found.head.vault) != expected => {
            Err(FileError::OtherVault {
                path: path.into(),
                expected,
                found: name(&found.head.chain_id, &found.head.vault),
            })
        }
        found => Ok(found),
    });
    match found {
        Ok(found) => found,
        Err(error) => {
            listener(Progress::Unusable(error));
            None
        }
    }
}

/// Everything at one height.
async fn load(
    reader: &Reader,
    vault: &str,
    options: &Options,
    newest: BlockStamp,
    listener: Listener<'_>,
) -> MirrorResult<(Book, u64)> {
    let place = partial(options);
    let mut begun = place
        .as_deref()
        .and_then(|path| usable(reader, vault, path, listener))
        .filter(|begun| begun.head.height <= newest.height);
    let mut newest = newest.height;
    loop {
        let result = match begun.take() {
            Some(begun) => resume(reader, options, begun, listener).await,
            None => begin(reader, vault, options, newest, listener).await,
        };
        match result {
            Err(MirrorError::Chain(ChainError::StateUnavailable { height, .. })) => {
                listener(Progress::Pruned { height });
                newest = reader
                    .patiently(|| reader.client.latest_block())
                    .await?
                    .height;
            }
            result => return result,
        }
    }
}

async fn begin(
    reader: &Reader,
    vault: &str,
    options: &Options,
    height: u64,
    listener: Listener<'_>,
) -> MirrorResult<(Book, u64)> {
    let deployment = reader.deployment(vault, height).await?;
    listener(Progress::Begun { height });
    let parts = layout::parts();
    let head = Head::new(&deployment, height, &parts);
    let create = |path: PathBuf| Writer::create(&path, head);
    let writer = partial(options).map(create).transpose()?;
    let left: Vec<_> = parts.into_iter().map(Some).collect();
    let sink = Loading::new(writer, 0, listener);
    fill(reader, options, Book::new(deployment), height, &left, sink).await
}

async fn resume(
    reader: &Reader,
    options: &Options,
    begun: Contents,
    listener: Listener<'_>,
) -> MirrorResult<(Book, u64)> {
    let (height, records) = (begun.head.height, begun.records);
    listener(Progress::Resumed { height, records });
    let resume = |path: PathBuf| Writer::resume(&path, &begun);
    let writer = partial(options).map(resume).transpose()?;
    let sink = Loading::new(writer, records, listener);
    fill(reader, options, begun.book, height, &begun.left, sink).await
}

async fn fill(
    reader: &Reader,
    options: &Options,
    mut book: Book,
    height: u64,
    left: &[Option<Stretch>],
    mut sink: Loading<'_>,
) -> MirrorResult<(Book, u64)> {
    let site = reader.site(book.deployment(), height);
    site.bring(&mut book, left, &mut sink).await?;
    if let (Some(writer), Some(place)) = (sink.writer, whole(options)) {
        writer.finish(&place)?;
    }
    Ok((book, height))
}

/// Notes pages on disk.
struct Loading<'a> {
    writer: Option<Writer>,
    records: u64,
    listener: Listener<'a>,
}

impl<'a> Loading<'a> {
    fn new(writer: Option<Writer>, records: u64, listener: Listener<'a>) -> Self {
        Self {
            writer,
            records,
            listener,
        }
    }
}

impl Sink for Loading<'_> {
    fn page(
        &mut self,
        stretch: usize,
        records: Records,
        next: Option<Vec<u8>>,
    ) -> Result<(), FileError> {
        self.records += records.len() as u64;
        let records_so_far = self.records;
        (self.listener)(Progress::Read {
            records: records_so_far,
        });
        match &mut self.writer {
            Some(writer) => writer.page(stretch, records, next),
            None => Ok(()),
        }
    }

    /// Everything is new.
    fn difference(&mut self, _: Difference) {}

    /// What a book does not take is told when the mirror is verified.
    fn refused(&mut self, _: BookError) {}
}
