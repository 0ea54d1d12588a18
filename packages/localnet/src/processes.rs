//! Processes of a network, known by program, arguments and user: an id alone may have been given
//! to another process since, and words in a command line may stand in anybody's.

use std::ffi::{OsStr, OsString};
use std::fs::OpenOptions;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use rustix::process::{Pid, Signal, geteuid, kill_process};

use crate::error::{LocalnetError, Result};
use crate::files;
use crate::keys::without_keys;

/// How often a process that was told to end is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How long the system may take to end a process that was killed.
pub(crate) const LAST_MOMENTS: Duration = Duration::from_secs(5);

/// What the system adds to the path of a program whose file is gone.
const DELETED: &str = " (deleted)";

/// What a process of a network was started as. Another version of the same program counts too: a
/// network is ended by whoever comes later.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Started<'a> {
    /// File name of the program that runs, not of what it is called.
    pub(crate) program: &'a OsStr,
    /// Its first arguments, but for the folder behind them.
    pub(crate) command: &'a [&'a str],
    /// The folder.
    pub(crate) folder: Folder<'a>,
}

/// A folder among the arguments of a process.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Folder<'a> {
    /// This one.
    Is(&'a Path),
    /// Any in this one.
    In(&'a Path),
}

impl Started<'_> {
    /// Ids of the processes of this user that were started so.
    pub(crate) fn find(&self) -> Vec<u32> {
        if Path::new("/proc/self/exe").exists() {
            from_proc(self)
        } else {
            from_ps(self)
        }
    }

    fn is(&self, program: &Path, arguments: &[OsString]) -> bool {
        let Some((command, rest)) = arguments.split_at_checked(self.command.len()) else {
            return false;
        };
        let is_folder = |folder: &OsString| match self.folder {
            Folder::Is(path) => Path::new(folder) == path,
            Folder::In(path) => Path::new(folder).parent() == Some(path),
        };
        program.file_name() == Some(self.program)
            && command == self.command
            && rest.first().is_some_and(is_folder)
    }
}

/// Starts a process that goes on when this one ends, and that adds what it prints to a log.
///
/// # Errors
/// [`LocalnetError::File`].
pub(crate) fn start(program: &Path, arguments: &[impl AsRef<OsStr>], log: &Path) -> Result<Child> {
    let open = || OpenOptions::new().create(true).append(true).open(log);
    without_keys(&mut Command::new(program))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(open().map_err(files::failed(log))?)
        .stderr(open().map_err(files::failed(log))?)
        .process_group(0)
        .spawn()
        .map_err(files::failed(program))
}

/// Ends all processes of the network in this folder that were started as one of these.
///
/// # Errors
/// [`LocalnetError::Immortal`].
pub(crate) fn end_all(network: &Path, started: &[Started<'_>]) -> Result<()> {
    let left = || -> Vec<u32> { started.iter().flat_map(Started::find).collect() };
    left().into_iter().for_each(kill);
    if wait_until(LAST_MOMENTS, || left().is_empty()) {
        return Ok(());
    }
    Err(LocalnetError::Immortal {
        pid: left().first().copied().unwrap_or_default(),
        home: network.to_owned(),
    })
}

fn from_proc(started: &Started<'_>) -> Vec<u32> {
    let Ok(folders) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let user = geteuid().as_raw();
    folders
        .filter_map(|folder| {
            let folder = folder.ok()?;
            let id: u32 = folder.file_name().to_str()?.parse().ok()?;
            let folder = folder.path();
            if fs::metadata(&folder).ok()?.uid() != user {
                return None;
            }
            let program = fs::read_link(folder.join("exe")).ok()?;
            // Empty for a process that has ended and was not waited for.
            let line = fs::read(folder.join("cmdline")).ok()?;
            let arguments: Vec<OsString> = line
                .split(|byte| *byte == 0)
                .skip(1)
                .map(|argument| OsString::from_vec(argument.to_vec()))
                .collect();
            started.is(&present(program), &arguments).then_some(id)
        })
        .collect()
}

/// The path that a program had when it was started.
fn present(program: PathBuf) -> PathBuf {
    match program.to_str().and_then(|path| path.strip_suffix(DELETED)) {
        Some(path) => path.into(),
        None => program,
    }
}

/// Where there is no /proc: arguments are told in one line, so that none of them may have blanks.
fn from_ps(started: &Started<'_>) -> Vec<u32> {
    let user = geteuid().as_raw().to_string();
    let lines = ps(&["-U", &user, "-ww", "-o", "pid=,args="]);
    lines
        .lines()
        .filter_map(|line| {
            let (id, line) = line.trim_start().split_once(' ')?;
            let program = ps(&["-p", id, "-o", "comm="]);
            let arguments = line.trim_start().strip_prefix(program.trim())?;
            let arguments: Vec<OsString> =
                arguments.split_whitespace().map(OsString::from).collect();
            let is_one = started.is(Path::new(program.trim()), &arguments);
            is_one.then(|| id.parse().ok())?
        })
        .collect()
}

fn ps(arguments: &[&str]) -> String {
    let output = Command::new("ps").args(arguments).output();
    output.map_or_else(
        |_| String::new(),
        |output| String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

/// Asks a process to end.
pub(crate) fn ask_to_end(id: u32) {
    signal(id, Signal::TERM);
}

/// Ends a process without asking it.
pub(crate) fn kill(id: u32) {
    signal(id, Signal::KILL);
}

/// One that has ended already needs no signal.
fn signal(id: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

/// Looks again and again until it is so, or the time is over; whether it is so.
pub(crate) fn wait_until(limit: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    loop {
        if is_so() {
            return true;
        }
        if begun.elapsed() > limit {
            return false;
        }
        thread::sleep(LOOK_EVERY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shell under another name that runs `script` in its folder, until it is killed.
    fn run(shell: &Path, script: &str, home: &Path) -> Child {
        Command::new(shell)
            .current_dir(shell.parent().unwrap())
            .args([script, "--home"])
            .arg(home)
            .arg("--log_no_color")
            .stdin(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn is_found(started: &Started<'_>, child: &Child) -> bool {
        wait_until(Duration::from_secs(5), || {
            started.find().contains(&child.id())
        })
    }

    #[test]
    fn only_the_program_itself_with_these_arguments_is_found_and_ended() {
        let folder = tempfile::tempdir().unwrap();
        let network = folder.path().join("network");
        let home = network.join("node-0");
        let node = folder.path().join("wasmd");
        let editor = folder.path().join("editor");
        for program in [&node, &editor] {
            fs::copy("/bin/sh", program).unwrap();
        }
        fs::write(folder.path().join("start"), "read line").unwrap();
        fs::write(folder.path().join("restart"), "read line").unwrap();
        let one = Started {
            program: OsStr::new("wasmd"),
            command: &["start", "--home"],
            folder: Folder::Is(&home),
        };
        let all = Started {
            folder: Folder::In(&network),
            ..one
        };
        let mut ours = run(&node, "start", &home);
        let text = format!("wasmd start --home {} ", home.display());
        let quoting = Command::new(&node)
            .args(["-c", "read line", &text])
            .stdin(Stdio::piped())
            .spawn();
        let mut others = [
            // Another program with the same arguments, whatever it is called.
            run(&editor, "start", &home),
            // The same one with other arguments, or for another network.
            run(&node, "restart", &home),
            run(&node, "start", &folder.path().join("network-2/node-0")),
            quoting.unwrap(),
        ];
        assert!(is_found(&one, &ours) && is_found(&all, &ours));

        // Its file is replaced by a newer one while it runs.
        fs::remove_file(&node).unwrap();
        assert_eq!(one.find(), [ours.id()]);
        assert_eq!(all.find(), [ours.id()]);

        // Whoever started it has to wait for it: until then it counts as ended already.
        end_all(&network, &[all]).unwrap();
        ours.wait().unwrap();
        for other in &mut others {
            assert!(other.try_wait().unwrap().is_none(), "{other:?}");
            other.kill().unwrap();
            other.wait().unwrap();
        }
    }
}
