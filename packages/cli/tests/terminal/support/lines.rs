//! What other processes write, line by line, while they run.

use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

/// Lines of JSON that somebody else writes.
pub type Lines = Arc<Mutex<Vec<Value>>>;

pub fn lines() -> Lines {
    Arc::default()
}

pub fn find(lines: &Lines, is_it: impl Fn(&Value) -> bool) -> Option<Value> {
    let lines = lines.lock().unwrap();
    lines.iter().find(|line| is_it(line)).cloned()
}

/// Reads lines as they come; those that are no JSON are kept as text.
pub fn collect(from: impl Read + Send + 'static) -> Lines {
    let collected = lines();
    let to = Arc::clone(&collected);
    thread::spawn(move || {
        for line in BufReader::new(from).lines() {
            let line = line.unwrap();
            let value = serde_json::from_str(&line).unwrap_or(Value::String(line));
            to.lock().unwrap().push(value);
        }
    });
    collected
}
