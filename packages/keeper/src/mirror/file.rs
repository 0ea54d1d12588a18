//! The mirror on disk: what a load has read so far, and a whole mirror for a quick start.
//!
//! ```text
//! "bwmirror" · version (u32, little endian) · frames
//! frame: length of its body (u32, little endian) · SHA-256 of its body · body (postcard)
//! ```
//!
//! The first frame says of what and when ([`Head`]); then come pages of records; the last frame of a
//! whole mirror says how many records there are. A load appends a page after the other to its file,
//! and may be cut off at any byte: what comes after the last whole frame counts for nothing. A whole
//! mirror is written beside its place and moved there, so that there is never half of one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use cosmwasm_std::Addr;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::FileError;
use super::layout::Stretch;
use crate::book::{Book, Contract, Deployment};

const MAGIC: &[u8; 8] = b"bwmirror";

/// Layout of the file.
pub const VERSION: u32 = 1;

/// Length and checksum.
const FRAME_HEAD: usize = 4 + 32;

/// Bytes of magic and version.
const FILE_HEAD: u64 = 12;

/// Frames are smaller than this.
const LONGEST_FRAME: u32 = 1 << 28;

/// Records in a frame of a whole mirror.
const FRAME_RECORDS: usize = 4_096;

/// Keys and values.
pub type Records = Vec<(Vec<u8>, Vec<u8>)>;

/// Of what a file is, and as of when.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Name of the chain.
    pub chain_id: String,
    /// Prefix of its addresses.
    pub prefix: String,
    /// The vault.
    pub vault: String,
    /// Its oracle.
    pub oracle: String,
    /// The state is the one after this block.
    pub height: u64,
    /// What there is to read, in the order in which pages name it.
    stretches: Vec<(bool, Vec<u8>, Option<Vec<u8>>)>,
}

/// Some records.
#[derive(Serialize, Deserialize, Debug)]
struct Page {
    /// Which of the stretches they are of.
    stretch: u32,
    records: Records,
    /// The next key of the stretch to be read; none if it is done.
    next: Option<Vec<u8>>,
}

#[derive(Serialize, Deserialize, Debug)]
enum Frame {
    Head(Head),
    Page(Page),
    /// With the number of records before it.
    End(u64),
}

/// What a file holds.
#[derive(Debug)]
pub struct Contents {
    /// Of what and when.
    pub head: Head,
    /// The records.
    pub book: Book,
    /// By stretch: what is left to be read; nothing in a whole mirror.
    pub left: Vec<Option<Stretch>>,
    /// Whether the file is whole.
    pub is_whole: bool,
    /// How many records there are.
    pub records: u64,
    /// Bytes up to the end of the last whole frame.
    length: u64,
}

/// A file that frames are appended to.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    file: BufWriter<File>,
    records: u64,
}

impl Head {
    /// Of what is to be read of a deployment.
    pub fn new(deployment: &Deployment, height: u64, stretches: &[Stretch]) -> Self {
        let plain = |stretch: &Stretch| {
            let is_oracle = stretch.contract == Contract::Oracle;
            (is_oracle, stretch.start.clone(), stretch.end.clone())
        };
        Self {
            chain_id: deployment.chain_id.clone(),
            prefix: deployment.prefix.clone(),
            vault: deployment.vault.to_string(),
            oracle: deployment.oracle.to_string(),
            height,
            stretches: stretches.iter().map(plain).collect(),
        }
    }

    /// Where vault and oracle stand.
    pub fn deployment(&self) -> Deployment {
        Deployment {
            vault: Addr::unchecked(&self.vault),
            oracle: Addr::unchecked(&self.oracle),
            prefix: self.prefix.clone(),
            chain_id: self.chain_id.clone(),
        }
    }

    fn stretches(&self) -> Vec<Stretch> {
        let stretch = |(is_oracle, start, end): &(bool, Vec<u8>, Option<Vec<u8>>)| Stretch {
            contract: if *is_oracle {
                Contract::Oracle
            } else {
                Contract::Vault
            },
            start: start.clone(),
            end: end.clone(),
        };
        self.stretches.iter().map(stretch).collect()
    }
}

/// Reads a file; none if there is none. Of one that was cut off, what is whole.
///
/// # Errors
/// [`FileError`].
pub fn read(path: &Path) -> Result<Option<Contents>, FileError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path)(error)),
    };
    let mut file = BufReader::new(file);
    let mut start = [0; FILE_HEAD as usize];
    let is_ours = fill(&mut file, &mut start).map_err(failed(path))?
        && start.starts_with(MAGIC)
        && start.ends_with(&VERSION.to_le_bytes());
    let other = || FileError::OtherFormat {
        path: path.into(),
        version: VERSION,
    };
    if !is_ours {
        return Err(other());
    }
    let mut length = FILE_HEAD;
    let Some((Frame::Head(head), size)) = next(&mut file).map_err(failed(path))? else {
        return Err(other());
    };
    length += size;
    let mut contents = Contents {
        book: Book::new(head.deployment()),
        left: head.stretches().into_iter().map(Some).collect(),
        head,
        is_whole: false,
        records: 0,
        length,
    };
    while let Some((frame, size)) = next(&mut file).map_err(failed(path))? {
        let damaged = || FileError::Damaged {
            path: path.into(),
            offset: contents.length,
        };
        match frame {
            Frame::Head(_) => return Err(damaged()),
            Frame::End(count) if count != contents.records => return Err(damaged()),
            Frame::End(_) => contents.is_whole = true,
            Frame::Page(page) => {
                contents.records += page.records.len() as u64;
                let left = contents.left.get_mut(page.stretch as usize);
                let left = left.ok_or_else(damaged)?;
                let stretch = left.take().ok_or_else(damaged)?;
                for (key, value) in &page.records {
                    // What a book does not take is found again when the mirror is verified.
                    let _ = contents.book.apply(stretch.contract, key, Some(value));
                }
                *left = page.next.and_then(|next| stretch.from(next));
            }
        }
        contents.length += size;
    }
    Ok(Some(contents))
}

impl Writer {
    /// Begins a file; what was there is gone.
    ///
    /// # Errors
    /// [`FileError::System`].
    pub fn create(path: &Path, head: Head) -> Result<Self, FileError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed(folder))?;
        }
        let file = File::create(path).map_err(failed(path))?;
        let mut writer = Self {
            path: path.into(),
            file: BufWriter::new(file),
            records: 0,
        };
        let start = [&MAGIC[..], &VERSION.to_le_bytes()].concat();
        writer.file.write_all(&start).map_err(failed(path))?;
        writer.append(&Frame::Head(head))?;
        Ok(writer)
    }

    /// Goes on with a file that was read, after its last whole frame.
    ///
    /// # Errors
    /// [`FileError::System`].
    pub fn resume(path: &Path, contents: &Contents) -> Result<Self, FileError> {
        let file = OpenOptions::new().append(true).open(path);
        let file = file.map_err(failed(path))?;
        file.set_len(contents.length).map_err(failed(path))?;
        Ok(Self {
            path: path.into(),
            file: BufWriter::new(file),
            records: contents.records,
        })
    }

    /// Adds some records of a stretch, with the next key of it that is to be read.
    ///
    /// # Errors
    /// [`FileError::System`].
    pub fn page(
        &mut self,
        stretch: usize,
        records: Records,
        next: Option<Vec<u8>>,
    ) -> Result<(), FileError> {
        self.records += records.len() as u64;
        self.append(&Frame::Page(Page {
            stretch: stretch as u32,
            records,
            next,
        }))?;
        // What is written is found again when this process is killed.
        self.file.flush().map_err(failed(&self.path))
    }

    /// Ends the file and moves it to its place.
    ///
    /// # Errors
    /// [`FileError::System`].
    pub fn finish(mut self, place: &Path) -> Result<(), FileError> {
        self.append(&Frame::End(self.records))?;
        let synced = self
            .file
            .flush()
            .and_then(|()| self.file.get_ref().sync_all());
        synced.map_err(failed(&self.path))?;
        fs::rename(&self.path, place).map_err(failed(place))?;
        // The rename, too, has to outlast a loss of power; not every system can say so of a folder.
        if let Some(folder) = place.parent().and_then(|folder| File::open(folder).ok()) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    fn append(&mut self, frame: &Frame) -> Result<(), FileError> {
        let failed = failed(&self.path);
        let body = postcard::to_allocvec(frame).map_err(io::Error::other);
        let body = body.map_err(&failed)?;
        let length = (body.len() as u32).to_le_bytes();
        let written = self
            .file
            .write_all(&length)
            .and_then(|()| self.file.write_all(&Sha256::digest(&body)))
            .and_then(|()| self.file.write_all(&body));
        written.map_err(failed)
    }
}

/// Writes a whole mirror to its place.
///
/// # Errors
/// [`FileError::System`].
pub fn save(place: &Path, book: &Book, height: u64) -> Result<(), FileError> {
    let stretches = [Contract::Vault, Contract::Oracle].map(Stretch::all);
    let head = Head::new(book.deployment(), height, &stretches);
    let mut writer = Writer::create(&place.with_extension("new"), head)?;
    for (at, stretch) in stretches.iter().enumerate() {
        let mut records = book.records(stretch.contract);
        loop {
            let some = records.by_ref().take(FRAME_RECORDS);
            let some: Records = some.map(|(key, value)| (key, value.to_vec())).collect();
            if some.len() < FRAME_RECORDS {
                writer.page(at, some, None)?;
                break;
            }
            // Where the next page begins is of no interest in a file that is whole.
            writer.page(at, some, Some(Vec::new()))?;
        }
    }
    writer.finish(place)
}

/// The next whole frame with its size in the file; none at the end, or where the file was cut off.
fn next(file: &mut impl Read) -> io::Result<Option<(Frame, u64)>> {
    let mut head = [0; FRAME_HEAD];
    if !fill(file, &mut head)? {
        return Ok(None);
    }
    let (length, checksum) = head.split_at(4);
    let length = u32::from_le_bytes(length.try_into().map_err(io::Error::other)?);
    if length > LONGEST_FRAME {
        return Ok(None);
    }
    let mut body = Vec::new();
    file.take(length.into()).read_to_end(&mut body)?;
    if body.len() != length as usize || Sha256::digest(&body)[..] != *checksum {
        return Ok(None);
    }
    let frame = postcard::from_bytes(&body).ok();
    Ok(frame.map(|frame| (frame, FRAME_HEAD as u64 + u64::from(length))))
}

/// Whether there were enough bytes.
fn fill(file: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

fn failed(path: &Path) -> impl Fn(io::Error) -> FileError {
    let path = path.to_owned();
    move |error| FileError::System {
        path: path.clone(),
        error,
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
