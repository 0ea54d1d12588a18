//! `/health` and `/metrics` over HTTP.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use crate::error::{KeeperError, KeeperResult};
use crate::health::{self, Health, Status};
use crate::metrics::Shown;

/// Whoever does not ask for so long is hung up on.
const PATIENCE: Duration = Duration::from_secs(10);

/// So many are listened to at the same time; for one more, the first of them is hung up on.
const MOST: usize = 32;

/// What there is to be answered.
#[derive(Debug)]
pub struct Answers {
    /// How the keeper is.
    pub health: watch::Receiver<Health>,
    /// Seconds that the last block may be old.
    pub max_lag: u64,
    /// Metrics.
    pub metrics: Shown,
}

/// Somebody listens.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    answers: Arc<Answers>,
    /// Where, with the port that was taken.
    pub address: SocketAddr,
}

impl Server {
    /// Listens at an address; port 0 is whatever is free.
    ///
    /// # Errors
    /// [`KeeperError::Listen`].
    pub async fn listen(address: SocketAddr, answers: Answers) -> KeeperResult<Self> {
        let failed = |error| KeeperError::Listen { address, error };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self {
            listener,
            answers: Arc::new(answers),
            address,
        })
    }

    /// Answers for ever.
    pub async fn serve(self) {
        let mut visits: VecDeque<AbortHandle> = VecDeque::new();
        loop {
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::debug!(%error, "no connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            visits.retain(|visit| !visit.is_finished());
            if visits.len() >= MOST {
                if let Some(first) = visits.pop_front() {
                    first.abort();
                }
            }
            let answers = Arc::clone(&self.answers);
            let visit = tokio::spawn(async move {
                let service = service_fn(|request: Request<_>| {
                    let answer = answers.answer(request.method(), request.uri().path());
                    async { Ok::<_, Infallible>(answer) }
                });
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(PATIENCE)
                    .keep_alive(false)
                    .serve_connection(TokioIo::new(stream), service);
                // Whoever hangs up early has what it wanted.
                let _ended = timeout(PATIENCE, connection).await;
            });
            visits.push_back(visit.abort_handle());
        }
    }
}

impl Answers {
    fn answer(&self, method: &Method, path: &str) -> Response<Full<Bytes>> {
        if method != Method::GET && method != Method::HEAD {
            return response(StatusCode::METHOD_NOT_ALLOWED, "text/plain", String::new());
        }
        match path {
            "/health" => self.health(),
            "/metrics" => match self.metrics.text() {
                Ok(text) => response(StatusCode::OK, Shown::CONTENT_TYPE, text),
                Err(error) => failed(&error),
            },
            _ => {
                let text = "here are /health and /metrics\n".to_owned();
                response(StatusCode::NOT_FOUND, "text/plain", text)
            }
        }
    }

    fn health(&self) -> Response<Full<Bytes>> {
        let health = self.health.borrow().clone();
        let health = health.at(health::now(), self.max_lag);
        let status = match health.status {
            Status::Ok => StatusCode::OK,
            Status::Starting | Status::Failing | Status::Ending => StatusCode::SERVICE_UNAVAILABLE,
        };
        match serde_json::to_string_pretty(&health) {
            Ok(text) => response(status, "application/json", text + "\n"),
            Err(error) => failed(&error),
        }
    }
}

fn failed(error: &impl ToString) -> Response<Full<Bytes>> {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    response(status, "text/plain", error.to_string())
}

fn response(status: StatusCode, content_type: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(text.into()));
    *response.status_mut() = status;
    let value = hyper::header::HeaderValue::from_static(content_type);
    response.headers_mut().insert(CONTENT_TYPE, value);
    response
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::time::Instant;

    use super::*;
    use crate::metrics::Metrics;

    fn ask(address: SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn get(address: SocketAddr, path: &str) -> String {
        ask(address, &format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n"))
    }

    #[test]
    fn health_and_metrics_are_answered_and_nothing_else() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (tell, health) = watch::channel(Health::default());
        let (_, metrics) = Metrics::registered("0.0.0", "test-1");
        let answers = Answers {
            health,
            max_lag: 60,
            metrics,
        };
        let anywhere = "127.0.0.1:0".parse().unwrap();
        let server = runtime.block_on(Server::listen(anywhere, answers)).unwrap();
        let address = server.address;
        runtime.spawn(server.serve());

        assert!(get(address, "/health").starts_with("HTTP/1.1 503 "));
        tell.send_modify(|health| {
            health.status = Status::Ok;
            health.time = health::now();
            health.height = 4_711;
        });
        let healthy = get(address, "/health");
        assert!(healthy.starts_with("HTTP/1.1 200 ") && healthy.contains("4711"));
        tell.send_modify(|health| health.time -= 61);
        assert!(get(address, "/health").starts_with("HTTP/1.1 503 "));

        // Many who say nothing keep nobody from being answered.
        let silent: Vec<_> = (0..2 * MOST)
            .map(|_| TcpStream::connect(address).unwrap())
            .collect();
        let asked = Instant::now();
        let metrics = get(address, "/metrics");
        assert!(asked.elapsed() < PATIENCE / 2, "{:?}", asked.elapsed());
        drop(silent);
        assert!(metrics.contains("bulwark_keeper_height 0"), "{metrics}");
        assert!(get(address, "/").starts_with("HTTP/1.1 404 "));
        let posted = "POST /health HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n";
        assert!(ask(address, posted).starts_with("HTTP/1.1 405 "));
        assert!(ask(address, "\r\nnonsense\r\n\r\n").starts_with("HTTP/1.1 400 "));

        let taken = Server::listen(
            address,
            Answers {
                health: tell.subscribe(),
                max_lag: 60,
                metrics: Metrics::registered("0.0.0", "test-1").1,
            },
        );
        let error = runtime.block_on(taken).unwrap_err();
        assert!(matches!(error, KeeperError::Listen { .. }), "{error}");
    }
}
