//! The server's process: `bulwark localnet serve`, which goes on when whoever started it ends.

use std::ffi::{OsStr, OsString};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use super::serve::Served;
use crate::error::{LocalnetError, Result};
use crate::files;
use crate::processes::{self, Folder, Started};

/// What the program is called that is the server.
const PROGRAM: &str = "bulwark";

/// The arguments that the program has to take, with the network's folder, the page's folder and the
/// port behind them.
const COMMAND: [&str; 3] = ["localnet", "serve", "--home"];

/// Where the page is unless another port is asked for.
const USUAL_PORT: u16 = 8_080;

/// What a folder has that is a page.
const PAGE: &str = "index.html";

/// How long the start may take.
const START: Duration = Duration::from_secs(30);

/// How the server does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WebStatus {
    /// Its process; none if it does not run.
    pub pid: Option<u32>,
    /// Where the page is.
    pub url: String,
    /// The page's folder.
    pub root: PathBuf,
}

/// Where the server says what goes wrong.
#[must_use]
pub fn log(home: &Path) -> PathBuf {
    home.join("web.log")
}

/// The server's process.
pub(crate) fn process(home: &Path) -> Started<'_> {
    Started {
        program: OsStr::new(PROGRAM),
        command: &COMMAND,
        folder: Folder::Is(home),
    }
}

/// How the server of the network in this folder does; none if the network has no page.
///
/// # Errors
/// [`LocalnetError::File`], [`LocalnetError::Form`].
pub fn look(home: &Path) -> Result<Option<WebStatus>> {
    let served = Served::read(home)?;
    Ok(served.map(|served| WebStatus {
        pid: process(home).find().first().copied(),
        url: format!("http://127.0.0.1:{}/", served.port),
        root: served.root,
    }))
}

/// What is to be served: what is asked for, or else what was served before; none if nothing was.
fn wanted(home: &Path, root: Option<&Path>, port: Option<u16>) -> Result<Option<Served>> {
    let noted = Served::read(home)?;
    let noted_root = || noted.as_ref().map(|served| served.root.clone());
    let Some(root) = root.map(Path::to_owned).or_else(noted_root) else {
        return Ok(None);
    };
    let port = match (port, &noted) {
        // Whatever is free is what it has.
        (None | Some(0), Some(noted)) => noted.port,
        (port, _) => port.unwrap_or(USUAL_PORT),
    };
    Ok(Some(Served { root, port }))
}

fn is_served(home: &Path, wanted: &Served) -> Result<bool> {
    let is_noted = Served::read(home)?.as_ref() == Some(wanted);
    Ok(is_noted && !process(home).find().is_empty())
}

/// Whether [`start`] can begin, as far as that is seen at once; changes nothing. A page that is yet to be
/// built has no `root`.
///
/// # Errors
/// [`LocalnetError::NoPage`], [`LocalnetError::WebPort`].
pub fn check(home: &Path, root: Option<&Path>, port: Option<u16>) -> Result<()> {
    if let Some(root) = root {
        assert_page(root)?;
    }
    let wanted = wanted(home, Some(root.unwrap_or(Path::new(""))), port)?;
    let ours = Served::read(home)?.filter(|_| !process(home).find().is_empty());
    match wanted {
        Some(wanted) if ours.is_none_or(|ours| ours.port != wanted.port) => {
            assert_free(wanted.port)
        }
        _ => Ok(()),
    }
}

fn assert_page(root: &Path) -> Result<()> {
    if root.join(PAGE).is_file() {
        return Ok(());
    }
    Err(LocalnetError::NoPage {
        root: root.to_owned(),
    })
}

fn assert_free(port: u16) -> Result<()> {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    free.map(drop)
        .map_err(|error| LocalnetError::WebPort { port, error })
}

/// Starts the server of a page and waits until it listens; without a `root` or a `port` those that it
/// had before. One that runs and has both goes on; nothing happens where there is no page and none is
/// asked for. `program` has to be one called `bulwark` that calls [`super::serve`] when it is started
/// with `localnet serve --home FOLDER --root FOLDER --port PORT`.
///
/// # Errors
/// [`LocalnetError::NoPage`], [`LocalnetError::WebPort`], [`LocalnetError::NoWeb`],
/// [`LocalnetError::File`].
pub fn start(home: &Path, program: &Path, root: Option<&Path>, port: Option<u16>) -> Result<()> {
    let Some(wanted) = wanted(home, root, port)? else {
        return Ok(());
    };
    assert_page(&wanted.root)?;
    if is_served(home, &wanted)? {
        return Ok(());
    }
    processes::end_all(home, &[process(home)])?;
    assert_free(wanted.port)?;
    Served::forget(home)?;

    let mut arguments: Vec<OsString> = COMMAND.map(OsString::from).to_vec();
    arguments.push(home.into());
    arguments.extend(["--root".into(), wanted.root.into_os_string()]);
    arguments.extend(["--port".into(), wanted.port.to_string().into()]);
    let log = log(home);
    let mut child = processes::start(program, &arguments, &log)?;
    let mut listens = false;
    processes::wait_until(START, || {
        listens = Served::read(home).is_ok_and(|served| served.is_some());
        listens || !matches!(child.try_wait(), Ok(None))
    });
    if listens {
        return Ok(());
    }
    processes::end_all(home, &[process(home)])?;
    Err(LocalnetError::NoWeb {
        tail: files::tail(&log),
        log,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_served_is_said_before_anything_is_started() {
        let folder = tempfile::tempdir().unwrap();
        let (home, root) = (folder.path().join("home"), folder.path().join("page"));
        std::fs::create_dir(&home).unwrap();
        let refused = check(&home, Some(&root), Some(0)).unwrap_err();
        assert!(matches!(refused, LocalnetError::NoPage { .. }), "{refused}");

        std::fs::create_dir(&root).unwrap();
        std::fs::write(root.join(PAGE), "").unwrap();
        check(&home, Some(&root), Some(0)).unwrap();
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        for root in [None, Some(root.as_path())] {
            let refused = check(&home, root, Some(port)).unwrap_err();
            let is_named = matches!(refused, LocalnetError::WebPort { port: it, .. } if it == port);
            assert!(is_named, "{refused}");
        }
    }

    #[test]
    fn a_page_is_served_where_it_was_unless_another_place_is_asked_for() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        let (page, other) = (Path::new("/page"), Path::new("/other"));
        assert_eq!(wanted(home, None, None).unwrap(), None);
        let served = |root: &Path, port| {
            Some(Served {
                root: root.to_owned(),
                port,
            })
        };
        assert_eq!(
            wanted(home, Some(page), None).unwrap(),
            served(page, USUAL_PORT)
        );
        assert_eq!(wanted(home, Some(page), Some(0)).unwrap(), served(page, 0));
        std::fs::write(home.join("web.json"), r#"{"root": "/page", "port": 4711}"#).unwrap();
        assert_eq!(wanted(home, None, None).unwrap(), served(page, 4_711));
        assert_eq!(
            wanted(home, Some(other), Some(0)).unwrap(),
            served(other, 4_711)
        );
        assert_eq!(
            wanted(home, Some(page), Some(1_234)).unwrap(),
            served(page, 1_234)
        );
    }
}
