//! A market on a network of its own, and feeders that a test starts and ends.

use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::lines::{Lines, collect, find};
use super::{Home, bulwark, kill, run, told};

/// Long enough for a machine that builds something else at the same time.
pub const PATIENCE: Duration = Duration::from_secs(90);

pub const OSMO: &str = "uosmo";

/// A network on which OSMO and a dollar are worth one USD, and on which nobody posts any more.
pub fn network() -> Home {
    let home = Home::new();
    let prices = price_file(&home, "start.csv", "1");
    told(&home.up(&["--prices", &prices, "--speed", "60"]));
    kill(&home.status().0["feeder"]["pid"]);
    home
}

/// A file in which OSMO has one price for years.
pub fn price_file(home: &Home, name: &str, osmo: &str) -> String {
    let file = home.path.with_file_name(name);
    let rows = [2020, 2030].map(|year| format!("{year}-03-07T01:00:00Z,{osmo},1\n"));
    let text = format!("timestamp,OSMO,USDT\n{}", rows.concat());
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

/// A command with the network's own files.
pub fn with_files(home: &Home, arguments: &[&str]) -> Output {
    let (network, keyring) = (home.file("network.toml"), home.file("keyring.toml"));
    let files = ["--network", &network, "--keyring", &keyring];
    run(&[arguments, &files].concat())
}

pub fn json(output: &Output) -> Value {
    serde_json::from_str(&told(output)).unwrap()
}

/// A feeder's configuration in the network's folder.
pub fn configuration(home: &Home, name: &str, text: &str) -> String {
    let head = "network = \"network.toml\"\nkeyring = \"keyring.toml\"\n\
        interval = 1\nheartbeat = 5\ndeviation = \"0\"\n";
    let file = home.file(name);
    std::fs::write(&file, format!("{head}{text}")).unwrap();
    file
}

/// A process that ends with the test at the latest.
pub struct Running {
    process: Child,
    pub log: Lines,
}

impl Running {
    pub fn feeder(configuration: &str) -> Self {
        let arguments = ["feeder", "--config", configuration, "--log-format", "json"];
        let mut command = bulwark(&arguments);
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let log = collect(process.stderr.take().unwrap());
        Self { process, log }
    }

    /// Asks it to end; what it has logged.
    pub fn end(mut self) -> Vec<Value> {
        let pid = self.process.id().to_string();
        let kill = Command::new("kill").arg(&pid).status();
        assert!(kill.unwrap().success());
        let ended = self.process.wait().unwrap().success();
        // Its last line may not have been read yet.
        wait_for("the feeder ends", || {
            !ended || find(&self.log, |line| line["message"] == "feeder ends").is_some()
        });
        let log = self.log.lock().unwrap().clone();
        assert!(ended, "{log:?}");
        log
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "{what}");
        sleep(Duration::from_millis(300));
    }
}
