//! What is on its way, in a file that outlives the process.
//!
//! One JSON object a line. The first line names the chain, the keeper, the next number and the sums
//! so far; then follow `signed` (written and flushed to the disk before any node gets the
//! transaction), `sent` (a node has taken it) and `settled` (its fate is known). A process may end at
//! any moment: a line that is not whole is the last one, and tells of nothing that has happened. What
//! is signed and not settled is looked up on the chain by its hash.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::error::JournalError;
use super::outcome::Totals;

/// Version of the format.
const VERSION: u32 = 1;

/// Settled transactions after which the file is written anew.
const SETTLED_UNTIL_COMPACTION: usize = 500;

/// Whose journal it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The chain.
    pub chain_id: String,
    /// The keeper's address.
    pub keeper: String,
}

/// The journal of a keeper.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    identity: Identity,
    next_id: u64,
    totals: Totals,
    in_flight: BTreeMap<u64, InFlight>,
    settled: usize,
    /// A write failed: what stands in the file is not known, and it is written anew before anything is
    /// added.
    damaged: bool,
}

/// A transaction whose fate is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InFlight {
    /// What it is to do.
    pub entry: Entry,
    /// Its hashes, one for each time that it was signed.
    pub hashes: Vec<String>,
    /// By hash: the sequence that it was signed with, as far as that was written down.
    pub sequences: BTreeMap<String, u64>,
    /// Whether a node has taken it, as far as is known.
    pub sent: bool,
}

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    version: u32,
    identity: Identity,
    next_id: u64,
    totals: Totals,
}

/// Every further line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    Signed {
        entry: Entry,
        hash: String,
        /// None in journals of before it was written down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sequence: Option<u64>,
    },
    Sent {
        id: u64,
    },
    Settled {
        id: u64,
        totals: Totals,
    },
}

impl Journal {
    /// Opens the journal of a keeper on a chain; one that is not there yet is created. What the last
    /// process was writing when it ended is cut off.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn open(path: &Path, identity: Identity) -> Result<Self, JournalError> {
        let failed = |error| JournalError::File {
            path: path.into(),
            error,
        };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let text = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(failed(error)),
        };
        let mut journal = Self {
            path: path.into(),
            file: OpenOptions::new()
                .append(true)
                .create(true)
                .open(path)
                .map_err(failed)?,
            identity,
            next_id: 1,
            totals: Totals::default(),
            in_flight: BTreeMap::new(),
            settled: 0,
            damaged: false,
        };
        journal.read(&text)?;
        journal.compact()?;
        Ok(journal)
    }

    /// The number of the next transaction.
    pub fn next_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id = id.saturating_add(1);
        id
    }

    /// A transaction is signed with a sequence: this is on the disk when it returns.
    ///
    /// # Errors
    /// [`JournalError::File`]: then it may not be sent.
    pub fn signed(&mut self, entry: &Entry, hash: &str, sequence: u64) -> Result<(), JournalError> {
        let line = Line::Signed {
            entry: entry.clone(),
            hash: hash.into(),
            sequence: Some(sequence),
        };
        self.append(&line)?;
        if let Err(error) = self.file.sync_data() {
            // Whether the line is on the disk is not known; what a second attempt says means nothing.
            self.damaged = true;
            return Err(self.failed(error));
        }
        self.take_in(line);
        Ok(())
    }

    /// A node has taken a transaction.
    ///
    /// # Errors
    /// [`JournalError::File`].
    pub fn sent(&mut self, id: u64) -> Result<(), JournalError> {
        let line = Line::Sent { id };
        self.append(&line)?;
        self.take_in(line);
        Ok(())
    }

    /// The fate of a transaction is known.
    ///
    /// # Errors
    /// [`JournalError::File`].
    pub fn settled(&mut self, id: u64, totals: &Totals) -> Result<(), JournalError> {
        let totals = totals.clone();
        let line = Line::Settled { id, totals };
        self.append(&line)?;
        self.take_in(line);
        if self.settled >= SETTLED_UNTIL_COMPACTION {
            // It is only longer than it would have to be if that fails; the next line says so if the
            // file itself is in doubt.
            let _ = self.compact();
        }
        Ok(())
    }

    /// What is on its way, or may be, in the order of numbers.
    pub fn in_flight(&self) -> impl Iterator<Item = &InFlight> {
        self.in_flight.values()
    }

    /// One of these.
    #[must_use]
    pub fn get(&self, id: u64) -> Option<&InFlight> {
        self.in_flight.get(&id)
    }

    /// Sums over everything that was ever settled.
    #[must_use]
    pub const fn totals(&self) -> &Totals {
        &self.totals
    }

    fn read(&mut self, text: &[u8]) -> Result<(), JournalError> {
        // A line that does not end was being written: nothing of it has happened yet.
        let whole = text.iter().rposition(|byte| *byte == b'\n');
        let whole = &text[..whole.map_or(0, |end| end + 1)];
        let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
        for (number, line) in lines.iter().enumerate() {
            let read = if number == 0 {
                serde_json::from_slice(line).map(|header| self.begin(header))
            } else {
                serde_json::from_slice(line).map(|line| {
                    self.take_in(line);
                    Ok(())
                })
            };
            match read {
                Ok(taken) => taken?,
                // A disk that lost its power may have the length of lines and not their bytes, as far
                // as they had not been flushed: up to the next one that is signed. They are looked up.
                Err(_) if number > 0 && !lines[number..].iter().any(|line| is_signed(line)) => {
                    break;
                }
                Err(error) => {
                    return Err(JournalError::Line {
                        path: self.path.clone(),
                        line: number + 1,
                        error,
                    });
                }
            }
        }
        Ok(())
    }

    fn begin(&mut self, header: Header) -> Result<(), JournalError> {
        let path = self.path.clone();
        if header.version != VERSION {
            return Err(JournalError::Version {
                path,
                found: header.version,
                expected: VERSION,
            });
        }
        if header.identity != self.identity {
            let named =
                |identity: &Identity| format!("{} on {}", identity.keeper, identity.chain_id);
            return Err(JournalError::Other {
                path,
                found: named(&header.identity),
                expected: named(&self.identity),
            });
        }
        self.next_id = header.next_id;
        self.totals = header.totals;
        Ok(())
    }

    fn take_in(&mut self, line: Line) {
        match line {
            Line::Signed {
                entry,
                hash,
                sequence,
            } => {
                self.next_id = self.next_id.max(entry.id.saturating_add(1));
                let signed = self.in_flight.entry(entry.id).or_insert_with(|| InFlight {
                    entry,
                    hashes: Vec::new(),
                    sequences: BTreeMap::new(),
                    sent: false,
                });
                if let Some(sequence) = sequence {
                    signed.sequences.insert(hash.clone(), sequence);
                }
                if !signed.hashes.contains(&hash) {
                    signed.hashes.push(hash);
                }
            }
            Line::Sent { id } => {
                if let Some(signed) = self.in_flight.get_mut(&id) {
                    signed.sent = true;
                }
            }
            Line::Settled { id, totals } => {
                // What is settled twice counts once.
                if self.in_flight.remove(&id).is_some() {
                    self.totals.add(&totals);
                    self.settled += 1;
                }
            }
        }
    }

    fn append(&mut self, line: &Line) -> Result<(), JournalError> {
        if self.damaged {
            self.compact()?;
        }
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.file.write_all(&text).map_err(|error| {
            // A part of the line may be there, and the next one would continue it.
            self.damaged = true;
            self.failed(error)
        })
    }

    /// Writes the file anew, with what is on its way and the sums, whole or not at all.
    fn compact(&mut self) -> Result<(), JournalError> {
        let header = Header {
            version: VERSION,
            identity: self.identity.clone(),
            next_id: self.next_id,
            totals: self.totals.clone(),
        };
        let mut text = serde_json::to_string(&header)? + "\n";
        for signed in self.in_flight.values() {
            let lines = signed.hashes.iter().map(|hash| Line::Signed {
                entry: signed.entry.clone(),
                hash: hash.clone(),
                sequence: signed.sequences.get(hash).copied(),
            });
            let sent = signed.sent.then_some(Line::Sent {
                id: signed.entry.id,
            });
            for line in lines.chain(sent) {
                text += &serde_json::to_string(&line)?;
                text.push('\n');
            }
        }
        let draft = self.path.with_extension("draft");
        let file = write(&draft, text.as_bytes()).map_err(|error| self.failed(error))?;
        fs::rename(&draft, &self.path).map_err(|error| self.failed(error))?;
        // From here on the old file has no name any more: nothing may be added to it.
        self.file = file;
        self.damaged = true;
        sync_folder(&self.path).map_err(|error| self.failed(error))?;
        self.damaged = false;
        self.settled = 0;
        Ok(())
    }

    fn failed(&self, error: io::Error) -> JournalError {
        JournalError::File {
            path: self.path.clone(),
            error,
        }
    }
}

/// Whether a line tells of a signature: everything up to it was flushed to the disk.
fn is_signed(line: &[u8]) -> bool {
    matches!(serde_json::from_slice(line), Ok(Line::Signed { .. }))
}

/// A new file with this text, which is on the disk.
fn write(path: &Path, text: &[u8]) -> io::Result<File> {
    let mut file = File::create(path)?;
    file.write_all(text)?;
    file.sync_all()?;
    Ok(file)
}

/// A file's name is on the disk when its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests;
