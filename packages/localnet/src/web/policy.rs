//! What every answer says to browsers, and who is answered.

use hyper::HeaderMap;
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// Names of this machine. Whoever has another name point here, and asks by it, is a page of somebody
/// else's that wants to read this one.
const HOSTS: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// Files whose names contain a hash of their content.
const HASHED: &str = "/assets/";

/// Says what a page may do: load from here, ask the network's nodes, and nothing else.
pub(super) fn content_security_policy(endpoints: &[String]) -> Option<HeaderValue> {
    let mut connect = String::from("'self'");
    for endpoint in endpoints {
        // A socket is opened where http is asked.
        let socket = endpoint.replacen("http", "ws", 1);
        connect += &format!(" {endpoint} {socket}");
    }
    // Libraries of widgets write style elements; scripts come as files only.
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data:; font-src 'self'; manifest-src 'self'; worker-src 'self'; \
         connect-src {connect}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).ok()
}

/// Adds what every answer says.
pub(super) fn protect(headers: &mut HeaderMap, policy: &HeaderValue) {
    const FIXED: [(HeaderName, &str); 5] = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(CONTENT_SECURITY_POLICY, policy.clone());
}

/// Says for how long a file that was found may be kept: one that is named by its content for ever, any
/// other as long as it is asked for again each time.
pub(super) fn cache(headers: &mut HeaderMap, path: &str) {
    let value = if path.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(value));
}

/// Whether somebody asks by a name of this machine, at whatever port.
pub(super) fn is_here(host: Option<&HeaderValue>) -> bool {
    let Some(host) = host.and_then(|host| host.to_str().ok()) else {
        return false;
    };
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    HOSTS.iter().any(|name| {
        let rest = host
            .get(..name.len())
            .filter(|start| start.eq_ignore_ascii_case(name))
            .and_then(|_| host.get(name.len()..));
        rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_answered() {
        let is_here = |host: &str| is_here(Some(&HeaderValue::from_str(host).unwrap()));
        for here in ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080"] {
            assert!(is_here(here), "{here}");
        }
        for elsewhere in [
            "",
            "evil.example",
            "evil.example:8080",
            "localhost.evil.example",
            "127.0.0.1.nip.io",
            "localhost:",
            "localhost:80a",
            "localhost@evil.example",
        ] {
            assert!(!is_here(elsewhere), "{elsewhere}");
        }
        assert!(!super::is_here(None));
    }

    #[test]
    fn pages_may_ask_the_networks_nodes_alone() {
        let policy = content_security_policy(&["http://127.0.0.1:26657".into()]).unwrap();
        let policy = policy.to_str().unwrap();
        let connect = "connect-src 'self' http://127.0.0.1:26657 ws://127.0.0.1:26657;";
        assert!(policy.contains(connect), "{policy}");
        assert!(!policy.contains("unsafe-eval") || policy.contains("'wasm-unsafe-eval'"));
    }

    #[test]
    fn what_is_named_by_its_content_is_kept() {
        let kept = |path: &str| {
            let mut headers = HeaderMap::new();
            cache(&mut headers, path);
            headers[CACHE_CONTROL]
                .to_str()
                .unwrap()
                .contains("immutable")
        };
        assert!(kept("/assets/index-C0ffee12.js"));
        assert!(!kept("/index.html") && !kept("/") && !kept("/config.json"));
    }
}
