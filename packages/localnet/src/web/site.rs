//! Answers: files of the page, and the network's `config.json`.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};

use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{ALLOW, CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use tower_http::services::ServeDir;
use tower_service::Service;

use super::policy;

/// The network's description, beside the page.
const CONFIG: &str = "/config.json";

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A page, and the network that it is for.
#[derive(Clone, Debug)]
pub(super) struct Site {
    files: ServeDir,
    config: PathBuf,
    policy: HeaderValue,
}

impl Site {
    /// The page in `root`; `config` stands beside it, whatever `root` has under that name.
    pub(super) fn new(root: &Path, config: PathBuf, policy: HeaderValue) -> Self {
        Self {
            files: ServeDir::new(root),
            config,
            policy,
        }
    }

    async fn answer<B: Send + 'static>(mut self, request: Request<B>) -> Response<Body> {
        let mut answer = self.found(request).await;
        policy::protect(answer.headers_mut(), &self.policy);
        answer
    }

    async fn found<B: Send + 'static>(&mut self, request: Request<B>) -> Response<Body> {
        if !policy::is_here(request.headers().get(HOST)) {
            let said = "asked by a name that is not this machine's\n";
            return told(StatusCode::MISDIRECTED_REQUEST, said);
        }
        if request.method() != Method::GET && request.method() != Method::HEAD {
            let mut refused = told(StatusCode::METHOD_NOT_ALLOWED, "GET and HEAD only\n");
            let allowed = HeaderValue::from_static("GET, HEAD");
            refused.headers_mut().insert(ALLOW, allowed);
            return refused;
        }
        let path = request.uri().path().to_owned();
        let mut answer = if path == CONFIG {
            self.config().await
        } else {
            self.file(request).await
        };
        if answer.status().is_success() || answer.status() == StatusCode::NOT_MODIFIED {
            policy::cache(answer.headers_mut(), &path);
        }
        answer
    }

    async fn config(&self) -> Response<Body> {
        let Ok(text) = tokio::fs::read(&self.config).await else {
            return told(StatusCode::NOT_FOUND, "the network is gone\n");
        };
        let mut answer = Response::new(body(text));
        let json = HeaderValue::from_static("application/json");
        answer.headers_mut().insert(CONTENT_TYPE, json);
        answer
    }

    async fn file<B: Send + 'static>(&mut self, request: Request<B>) -> Response<Body> {
        match self.files.try_call(request).await {
            Ok(answer) if answer.status() == StatusCode::NOT_FOUND => {
                told(StatusCode::NOT_FOUND, "there is no such file\n")
            }
            Ok(answer) => answer.map(BodyExt::boxed_unsync),
            Err(error) => told(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error}\n")),
        }
    }
}

/// What compresses answers asks so.
impl<B: Send + 'static> Service<Request<B>> for Site {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let site = self.clone();
        Box::pin(async move { Ok(site.answer(request).await) })
    }
}

fn told(status: StatusCode, text: &str) -> Response<Body> {
    let mut answer = Response::new(body(text.to_owned()));
    *answer.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    answer.headers_mut().insert(CONTENT_TYPE, plain);
    answer
}

fn body(content: impl Into<Bytes>) -> Body {
    let whole = Full::new(content.into());
    whole.map_err(|never| match never {}).boxed_unsync()
}
