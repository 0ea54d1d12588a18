//! A server that does not always want to be told.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Instant;

use bulwark_types::vault::AccountRef;

use super::*;
use crate::config::Secret;
use crate::margin_call::Occasion;

fn notice(number: u16) -> Notice {
    Notice {
        id: format!("wasm1a/{number}@7:margin_call"),
        kind: Occasion::MarginCall,
        account: AccountRef {
            owner: "wasm1a".into(),
            id: number,
        },
        height: 7,
        time: 1_000,
        margin: None,
        cures: Vec::new(),
        liquidation: None,
    }
}

/// Answers with these statuses, one after the other, and hands on what it was told.
fn server(statuses: &'static [u16]) -> (Webhook, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/token-4711", listener.local_addr().unwrap());
    let (told, tell) = channel();
    thread::spawn(move || {
        for status in statuses {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"}") {
                let mut part = [0; 4_096];
                let length = stream.read(&mut part).unwrap();
                request.extend_from_slice(&part[..length]);
            }
            let head =
                format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).unwrap();
            told.send(String::from_utf8(request).unwrap()).unwrap();
        }
    });
    let webhook = Webhook {
        url: Secret::new(url),
        headers: vec![("authorization".into(), Secret::new("Bearer 0815"))],
        timeout: Duration::from_secs(5),
        backoff: Duration::from_millis(5),
        queue: 3,
    };
    (webhook, tell)
}

/// Tells until the outbox is as wanted.
fn until(outbox: &Outbox, webhook: Webhook, is_so: impl Fn(&Delivery) -> bool) -> Delivery {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.spawn(deliver(outbox.clone(), webhook));
    let start = Instant::now();
    loop {
        let delivery = outbox.delivery();
        if is_so(&delivery) {
            return delivery;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{delivery:?}");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_notice_is_told_until_it_is_taken_and_in_its_turn() {
    let (webhook, tell) = server(&[503, 500, 200, 204]);
    let outbox = Outbox::new(vec![notice(1), notice(2)], 3);
    let delivery = until(&outbox, webhook, |delivery| delivery.waiting == 0);
    assert_eq!((delivery.told, delivery.given_up), (2, 0));
    assert_eq!(delivery.failure, None);
    let told: Vec<String> = tell.iter().take(4).collect();
    for (request, number) in told.iter().zip([1, 1, 1, 2]) {
        assert!(request.contains(&notice(number).id), "{request}");
        assert!(request.contains("Bearer 0815"), "{request}");
    }
}

#[test]
fn a_notice_that_is_refused_for_good_does_not_stop_the_others() {
    let (webhook, _tell) = server(&[400, 400, 400, 400, 400, 200]);
    let outbox = Outbox::new(vec![notice(1), notice(2)], 3);
    let delivery = until(&outbox, webhook, |delivery| delivery.waiting == 0);
    assert_eq!((delivery.told, delivery.given_up), (1, 1));
}

#[test]
fn what_failed_is_known_without_the_url() {
    let (mut webhook, _tell) = server(&[]);
    webhook.backoff = Duration::from_secs(60);
    let outbox = Outbox::new(vec![notice(1)], 3);
    let delivery = until(&outbox, webhook, |delivery| delivery.failure.is_some());
    let failure = delivery.failure.unwrap();
    assert!(!failure.contains("4711"), "{failure}");
    assert_eq!(outbox.waiting().len(), 1);
}

#[test]
fn the_oldest_are_given_up_where_too_many_wait() {
    let outbox = Outbox::new(vec![notice(1), notice(2)], 3);
    outbox.add([notice(3), notice(4)]);
    let waiting = outbox.waiting();
    assert_eq!(waiting, [notice(2), notice(3), notice(4)]);
    assert_eq!(outbox.delivery().given_up, 1);
}
