//! Listens, and answers for as long as the network is there.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::interval;
use tower_http::compression::Compression;

use super::policy::content_security_policy;
use super::site::Site;
use crate::error::{LocalnetError, Result};
use crate::market::client_config_file;
use crate::{files, init};

/// Whoever begins to ask and does not go on for so long is hung up on.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often is looked whether the network is still there.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What is served, noted in the network's folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// The page's folder.
    pub root: PathBuf,
    /// The port on 127.0.0.1.
    pub port: u16,
}

impl Served {
    fn file(home: &Path) -> PathBuf {
        home.join("web.json")
    }

    /// What is meant to be served; none if nothing is.
    pub(super) fn read(home: &Path) -> Result<Option<Self>> {
        let file = Self::file(home);
        if !file.exists() {
            return Ok(None);
        }
        files::read_json(&file).map(Some)
    }

    pub(super) fn forget(home: &Path) -> Result<()> {
        files::remove(&Self::file(home))
    }
}

/// Serves the page in `root` on 127.0.0.1 until the network in `home` is gone; port 0 is whatever is free.
/// Where it listens is told and noted.
///
/// # Errors
/// [`LocalnetError::WebPort`], [`LocalnetError::NotUp`], [`LocalnetError::File`].
pub async fn serve(home: &Path, root: &Path, port: u16, tell: impl FnOnce(&Served)) -> Result<()> {
    let refused = |error| LocalnetError::WebPort { port, error };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.map_err(refused)?;
    let served = Served {
        root: root.to_owned(),
        port: listener.local_addr().map_err(refused)?.port(),
    };
    let config = client_config_file(home);
    let network = bulwark_chain::Network::read(&init::network_file(home));
    let network = network.map_err(bulwark_chain::ChainError::from)?;
    let policy = content_security_policy(&network.rpc).ok_or_else(|| LocalnetError::NotUp {
        home: home.to_owned(),
    })?;
    let service = Compression::new(Site::new(root, config.clone(), policy));
    files::write_json(&Served::file(home), &served)?;
    tell(&served);
    let mut look = interval(LOOK_EVERY);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(tokio::spawn(visit(stream, service.clone()))),
                // None to be had at the moment: too many are open.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            },
            _ = look.tick() => if !config.exists() {
                return Ok(());
            },
        }
    }
}

async fn visit(stream: TcpStream, service: Compression<Site>) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    // Whoever hangs up early has what it wanted.
    let _ended = connection.await;
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::sync::mpsc::channel;

    use tempfile::TempDir;

    use super::*;

    struct Page {
        home: TempDir,
        _root: TempDir,
        port: u16,
        _runtime: tokio::runtime::Runtime,
    }

    impl Page {
        fn new() -> Self {
            let (home, root) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let network = "chain_id = \"local-1\"\nrpc = [\"http://127.0.0.1:1234\"]\n\
                prefix = \"wasm\"\ndenom = \"ustake\"\ngas_price = \"0.025\"\n";
            std::fs::write(init::network_file(home.path()), network).unwrap();
            std::fs::write(client_config_file(home.path()), "{\"vault\":\"wasm1\"}").unwrap();
            std::fs::write(home.path().join("keyring.toml"), "secret").unwrap();
            std::fs::write(root.path().join("config.json"), "not this one").unwrap();
            let page = "<!doctype html>".repeat(100);
            std::fs::write(root.path().join("index.html"), page).unwrap();
            std::fs::create_dir(root.path().join("assets")).unwrap();
            let wasm = root.path().join("assets/risk-0a1b2c3d.wasm");
            std::fs::write(wasm, b"\0asm".repeat(1_000)).unwrap();
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let (tell, told) = channel();
            let (at, from) = (home.path().to_owned(), root.path().to_owned());
            runtime.spawn(async move {
                serve(&at, &from, 0, |served| tell.send(served.port).unwrap()).await
            });
            Self {
                port: told.recv().unwrap(),
                home,
                _root: root,
                _runtime: runtime,
            }
        }

        /// Status and headers in lower case, and the body.
        fn ask(&self, head: &str) -> (String, Vec<u8>) {
            let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.port)).unwrap();
            let request = format!("{head}\r\nconnection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            let end = answer.windows(4).position(|at| at == b"\r\n\r\n").unwrap();
            let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
            (head, answer.split_off(end + 4))
        }

        fn get(&self, path: &str) -> (String, Vec<u8>) {
            self.ask(&format!(
                "GET {path} HTTP/1.1\r\nhost: localhost:{}",
                self.port
            ))
        }
    }

    #[test]
    fn the_page_and_the_networks_description_are_served_and_protected() {
        let page = Page::new();
        let (head, body) = page.get("/");
        assert!(head.starts_with("http/1.1 200"), "{head}");
        for header in [
            "content-type: text/html",
            "cache-control: no-cache",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "frame-ancestors 'none'",
            "connect-src 'self' http://127.0.0.1:1234 ws://127.0.0.1:1234;",
        ] {
            assert!(head.contains(header), "{header}: {head}");
        }
        assert!(body.starts_with(b"<!doctype html>"));

        let (head, body) = page.get("/config.json");
        assert!(
            head.contains("application/json") && head.contains("no-cache"),
            "{head}"
        );
        assert_eq!(body, b"{\"vault\":\"wasm1\"}");

        let (head, _) = page.get("/assets/risk-0a1b2c3d.wasm");
        assert!(head.contains("content-type: application/wasm"), "{head}");
        assert!(head.contains("immutable"), "{head}");

        let host = "host: 127.0.0.1\r\naccept-encoding: gzip";
        let (head, body) = page.ask(&format!("GET / HTTP/1.1\r\n{host}"));
        assert!(head.contains("content-encoding: gzip"), "{head}");
        assert!(body.len() < 1_000);

        let (head, body) = page.ask("HEAD / HTTP/1.1\r\nhost: localhost");
        assert!(
            head.starts_with("http/1.1 200") && body.is_empty(),
            "{head}"
        );
    }

    #[test]
    fn nothing_else_is_told_and_nobody_elses_page_is_answered() {
        let page = Page::new();
        for path in [
            "/nothing",
            "/../keyring.toml",
            "/..%2fkeyring.toml",
            "/%2e%2e/keyring.toml",
            "/assets/..%2f..%2fkeyring.toml",
            "//etc/passwd",
            "/assets/",
        ] {
            let (head, body) = page.get(path);
            assert!(head.starts_with("http/1.1 4"), "{path}: {head}");
            assert!(
                head.contains("nosniff") && !head.contains("immutable"),
                "{path}: {head}"
            );
            assert!(!body.starts_with(b"secret"), "{path}");
        }
        let (head, _) = page.ask("GET / HTTP/1.1\r\nhost: evil.example");
        assert!(head.starts_with("http/1.1 421"), "{head}");
        let (head, _) = page.ask("GET /config.json HTTP/1.0");
        assert!(head.contains("421"), "{head}");
        for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
            let (head, _) = page.ask(&format!("{method} / HTTP/1.1\r\nhost: localhost"));
            assert!(head.starts_with("http/1.1 405"), "{method}: {head}");
        }
    }

    #[test]
    fn it_ends_with_the_network() {
        let page = Page::new();
        std::fs::remove_file(client_config_file(page.home.path())).unwrap();
        let begun = std::time::Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", page.port)).is_ok() {
            assert!(begun.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    #[test]
    fn a_port_in_use_is_named() {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let refused = runtime.block_on(serve(folder.path(), folder.path(), port, |_| {}));
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains(&port.to_string()), "{refused}");
    }
}
