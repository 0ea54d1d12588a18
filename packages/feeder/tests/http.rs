//! The HTTP source against servers that answer well, badly, slowly and not at all.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use bulwark_feeder::source::document::{Place, TimeUnit};
use bulwark_feeder::source::http::{Asking, Header, Http};
use bulwark_feeder::{Observation, Source, SourceError};

const GOOD: &str = r#"{"atom": {"usd": 12.5}, "usd": {"usd": "1.0"}}"#;

/// What the server does with one request.
#[derive(Clone)]
enum Answer {
    Status(u16, String),
    /// Answers well, but too late.
    Late(Duration),
    /// Ends the connection without a word.
    Nothing,
    /// Breaks off in the middle.
    Half,
}

fn good() -> Answer {
    Answer::Status(200, GOOD.into())
}

/// A server that plays its answers one after the other, the last one for ever.
struct Server {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/prices", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let number = {
                    let mut noted = noted.lock().unwrap();
                    noted.push(request(&mut stream));
                    noted.len() - 1
                };
                let answer = answers[number.min(answers.len() - 1)].clone();
                thread::spawn(move || answer_with(&mut stream, &answer));
            }
        });
        Self { url, requests }
    }

    fn asked(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    /// Two assets whose prices stand in the one document.
    fn source(&self, asking: Asking) -> Source {
        let place = |asset: &str, pointer: &str| Place {
            asset: asset.into(),
            price: pointer.into(),
            exponent: 0,
            conf: None,
            time: None,
            time_unit: TimeUnit::Seconds,
            min: "0.5".parse().unwrap(),
            max: "1000".parse().unwrap(),
        };
        let places = vec![place("uatom", "/atom/usd"), place("uusd", "/usd/usd")];
        Source::Http(Http::new(
            asking,
            BTreeMap::from([(self.url.clone(), places)]),
        ))
    }
}

fn request(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        text.push(byte[0]);
    }
    String::from_utf8(text).unwrap()
}

fn answer_with(stream: &mut TcpStream, answer: &Answer) {
    let head = |status: u16, length: usize| {
        format!(
            "HTTP/1.1 {status} x\r\nlocation: /other\r\ncontent-length: {length}\r\n\
            connection: close\r\n\r\n"
        )
    };
    let text = match answer {
        Answer::Status(status, body) => head(*status, body.len()) + body,
        Answer::Late(after) => {
            thread::sleep(*after);
            head(200, GOOD.len()) + GOOD
        }
        Answer::Nothing => return,
        Answer::Half => head(200, GOOD.len()) + &GOOD[..10],
    };
    // Whoever asked may have gone.
    let _ = stream.write_all(text.as_bytes());
}

fn asking() -> Asking {
    Asking {
        timeout: Duration::from_millis(500),
        attempts: 3,
        backoff: Duration::from_millis(5),
        headers: Vec::new(),
    }
}

/// What was seen of the first asset, and of the second.
async fn look(source: &Source) -> [Result<Observation, SourceError>; 2] {
    let mut sights = source.observe().await;
    sights.sort_by(|one, two| one.asset.cmp(&two.asset));
    let seen: Vec<_> = sights.into_iter().map(|sight| sight.seen).collect();
    seen.try_into().unwrap()
}

#[tokio::test]
async fn a_document_is_asked_for_once_for_all_its_prices() {
    let server = Server::start(vec![good()]);
    let [atom, usd] = look(&server.source(asking())).await;
    assert_eq!(atom.unwrap().price.to_string(), "12.5");
    assert_eq!(usd.unwrap().price.to_string(), "1");
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn what_may_pass_is_tried_again() {
    for bad in [
        Answer::Status(500, "oops".into()),
        Answer::Status(429, String::new()),
        Answer::Status(200, "<html>".into()),
        Answer::Nothing,
        Answer::Half,
        Answer::Late(Duration::from_secs(2)),
    ] {
        let server = Server::start(vec![bad.clone(), bad, good()]);
        let [atom, _] = look(&server.source(asking())).await;
        assert_eq!(atom.unwrap().price.to_string(), "12.5");
        assert_eq!(server.asked(), 3);
    }
}

#[tokio::test]
async fn what_stays_bad_is_no_price() {
    let server = Server::start(vec![Answer::Status(503, String::new())]);
    let [atom, usd] = look(&server.source(asking())).await;
    let url = server.url.clone();
    assert_eq!(atom, Err(SourceError::Status { url, status: 503 }));
    assert!(usd.is_err());
    assert_eq!(server.asked(), 3);

    let server = Server::start(vec![Answer::Status(200, "{\"atom\": ".into())]);
    let [atom, _] = look(&server.source(asking())).await;
    assert!(matches!(atom, Err(SourceError::NotJson { .. })), "{atom:?}");
}

#[tokio::test]
async fn what_will_not_pass_is_not_tried_again() {
    let server = Server::start(vec![Answer::Status(404, String::new()), good()]);
    let [atom, _] = look(&server.source(asking())).await;
    assert!(matches!(atom, Err(SourceError::Status { status: 404, .. })));
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn an_absurd_value_costs_its_own_asset_only() {
    let absurd = r#"{"atom": {"usd": 1e12}, "usd": {"usd": 1}}"#;
    let server = Server::start(vec![Answer::Status(200, absurd.into())]);
    let [atom, usd] = look(&server.source(asking())).await;
    assert!(
        matches!(atom, Err(SourceError::OutOfBounds { .. })),
        "{atom:?}"
    );
    assert_eq!(usd.unwrap().price.to_string(), "1");
}

#[tokio::test]
async fn a_slow_server_costs_its_time_and_no_more() {
    let server = Server::start(vec![Answer::Late(Duration::from_secs(60))]);
    let begun = Instant::now();
    let [atom, _] = look(&server.source(asking())).await;
    assert!(
        matches!(atom, Err(SourceError::Unreachable { .. })),
        "{atom:?}"
    );
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[tokio::test]
async fn a_document_without_end_is_not_read() {
    let long = format!("\"{}\"", "x".repeat(5 << 20));
    let server = Server::start(vec![Answer::Status(200, long)]);
    let [atom, _] = look(&server.source(Asking {
        timeout: Duration::from_secs(10),
        ..asking()
    }))
    .await;
    assert!(matches!(atom, Err(SourceError::TooLong { .. })), "{atom:?}");
}

#[tokio::test]
async fn a_secret_goes_to_the_server_and_into_no_output() {
    let server = Server::start(vec![good()]);
    let headers = vec![Header {
        name: "X-Api-Key".into(),
        value: "hunter2".into(),
    }];
    let source = server.source(Asking {
        headers,
        ..asking()
    });
    assert!(look(&source).await[0].is_ok());
    let request = server.requests.lock().unwrap()[0].to_lowercase();
    assert!(request.contains("x-api-key: hunter2"), "{request}");
    assert!(!format!("{source:?}").contains("hunter2"));
}

#[tokio::test]
async fn nobody_is_sent_elsewhere() {
    let server = Server::start(vec![Answer::Status(302, String::new()), good()]);
    let [atom, _] = look(&server.source(asking())).await;
    assert!(
        matches!(atom, Err(SourceError::Status { status: 302, .. })),
        "{atom:?}"
    );
    assert_eq!(server.asked(), 1);
}
