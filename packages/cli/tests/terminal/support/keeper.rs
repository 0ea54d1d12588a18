//! A keeper that a test starts and ends, and a server that takes its margin calls.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;

use serde_json::Value;

use super::lines::{Lines, collect, find, lines};
use super::market::{OSMO, wait_for};
use super::replay::DOLLAR;
use super::{Home, bulwark};

/// A server that takes margin calls.
pub fn webhook() -> (String, Lines) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/token-4711", listener.local_addr().unwrap());
    let taken = lines();
    let to = Arc::clone(&taken);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // A keeper that is killed meanwhile leaves half a message.
            let Ok(body) = body_of(&stream) else { continue };
            let call = serde_json::from_slice(&body).unwrap();
            to.lock().unwrap().push(call);
            let answer = "HTTP/1.1 204 x\r\nconnection: close\r\n\r\n";
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (url, taken)
}

/// What a request brings; fails if it ends before it is whole.
fn body_of(stream: &TcpStream) -> io::Result<Vec<u8>> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(body)
}

/// A keeper that runs.
pub struct Keeper {
    process: Child,
    pub told: Lines,
    pub log: Lines,
    listens: String,
}

impl Keeper {
    pub fn start(configuration: &str) -> Self {
        Self::start_with(configuration, &[])
    }

    /// With variables in its environment.
    pub fn start_with(configuration: &str, environment: &[(&str, &str)]) -> Self {
        let arguments = ["keeper", "--config", configuration, "--json"];
        let mut command = bulwark(&arguments);
        command.envs(environment.iter().copied());
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let told = collect(process.stdout.take().unwrap());
        let log = collect(process.stderr.take().unwrap());
        let started = || find(&told, |line| line["event"] == "started");
        wait_for("the keeper has started", || started().is_some());
        let listens = started().unwrap()["listens"].as_str().unwrap().to_owned();
        Self {
            process,
            told,
            log,
            listens,
        }
    }

    pub fn get(&self, path: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.listens).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    pub fn health(&self) -> Value {
        serde_json::from_str(&self.get("/health").1).unwrap()
    }

    pub fn held(&self, asset: &str) -> i128 {
        let wallet = self.health()["wallet"][asset].clone();
        wallet.as_str().unwrap().parse().unwrap()
    }

    pub fn logged(&self, message: &str, fault: &str) -> bool {
        let is_it = |line: &Value| {
            let named = line["fault"].as_str().unwrap_or_default();
            line["message"] == message && named.starts_with(fault)
        };
        find(&self.log, is_it).is_some()
    }

    /// Kills it: it has no time for anything.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Asks it to end.
    pub fn end(&mut self) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").arg(&pid).status().unwrap().success());
        assert!(self.process.wait().unwrap().success(), "{:?}", self.log);
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        if thread::panicking() {
            println!("{:?}", self.log.lock());
        }
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A keeper's configuration in the network's folder.
pub fn configuration(home: &Home, key: &str, url: &str) -> String {
    let file = home.file("keeper.toml");
    let asset = |name: &str| format!("[[assets]]\nasset = \"{name}\"\n");
    let text = format!(
        "network = \"network.toml\"\nkeyring = \"keyring.toml\"\nkey = \"{key}\"\n{}{}\
        [follow]\nverify = 10\n[serve]\nlisten = \"127.0.0.1:0\"\n[log]\nformat = \"json\"\n\
        [margin_calls.webhook]\nurl = \"{url}\"\n",
        asset(OSMO),
        asset(DOLLAR)
    );
    std::fs::write(&file, text).unwrap();
    file
}
