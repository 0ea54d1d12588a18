//! Somebody between a client and a node who takes time for each answer.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{sleep, spawn};
use std::time::Duration;

/// In front of a node's RPC endpoint, `http://host:port`; its own URL.
pub fn slow(node: &str, delay: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let node = node.trim_start_matches("http://").to_owned();
    spawn(move || {
        for client in listener.incoming() {
            let client = client.unwrap();
            let Ok(node) = TcpStream::connect(&node) else {
                continue;
            };
            let asks = (client.try_clone().unwrap(), node.try_clone().unwrap());
            spawn(move || pass(asks.0, asks.1, Duration::ZERO));
            spawn(move || pass(node, client, delay));
        }
    });
    url
}

fn pass(mut from: TcpStream, mut to: TcpStream, delay: Duration) {
    let mut bytes = [0; 65_536];
    while let Ok(length) = from.read(&mut bytes) {
        sleep(delay);
        if length == 0 || to.write_all(&bytes[..length]).is_err() {
            break;
        }
    }
    // The other one may have hung up.
    let _ = to.shutdown(std::net::Shutdown::Write);
}
