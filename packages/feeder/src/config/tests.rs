use super::*;

const HTTP: &str = r#"
    network = "network.toml"
    keys = ["feeder-1"]
    [http]
    timeout = 2
    [[assets]]
    asset = "uatom"
    url = "https://prices.example.com/all"
    price = "/atom/usd"
    time = "/atom/at"
    min = "0.1"
    max = "1000"
    [[assets]]
    asset = "uusd"
    url = "https://prices.example.com/all"
    price = "/usd/usd"
    min = "0.5"
    max = "2"
    deviation = "0.001"
"#;

const REPLAY: &str = r#"
    network = "network.toml"
    keys = ["feeder-1"]
    [replay]
    file = "prices.csv"
    speed = 60
    [[assets]]
    asset = "uatom"
    symbol = "atom"
"#;

fn config(text: &str, folder: &Path) -> Result<Config, FeederError> {
    let path = folder.join("feeder.toml");
    std::fs::write(&path, text).unwrap();
    let prices = "timestamp,ATOM\n2020-03-07T01:00:00Z,3.8\n2020-03-07T02:00:00Z,4\n";
    std::fs::write(folder.join("prices.csv"), prices).unwrap();
    Config::read(&path)
}

fn refusal(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    config(text, folder.path()).unwrap_err().to_string()
}

#[test]
fn a_configuration_needs_only_its_own_values() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(HTTP, folder.path()).unwrap();
    assert_eq!(config.network, folder.path().join("network.toml"));
    assert_eq!(config.interval, Duration::from_secs(5));
    let (atom, usd) = (config.rules["uatom"], config.rules["uusd"]);
    assert_eq!((atom.heartbeat, atom.max_age), (40, 60));
    assert_eq!(atom.deviation.to_string(), "0.005");
    assert_eq!(usd.deviation.to_string(), "0.001");
}

#[test]
fn a_file_is_found_beside_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    match config(REPLAY, folder.path()).unwrap().source {
        Source::Replay(replay) => {
            assert_eq!(replay.columns, [("uatom".to_owned(), 0)]);
            assert_eq!((replay.speed, replay.ends), (60, false));
        }
        Source::Http(_) => panic!("a file was asked for"),
    }
}

#[test]
fn the_documented_examples_are_understood() {
    let folder = tempfile::tempdir().unwrap();
    let http = include_str!("../../../cli/feeder/http.toml");
    let rules = config(http, folder.path()).unwrap().rules;
    assert_eq!(rules["uusd"].deviation.to_string(), "0.001");
    let replay = include_str!("../../../cli/feeder/replay.toml");
    let rules = config(replay, folder.path()).unwrap().rules;
    assert!(rules["uatom"].deviation.is_zero());
}

#[test]
fn unknown_fields_are_refused() {
    for (from, to) in [
        ("keys =", "kees = 1\nkeys ="),
        ("timeout =", "time_out = 1\ntimeout ="),
        ("time =", "tame = 1\ntime ="),
    ] {
        let error = refusal(&HTTP.replacen(from, to, 1));
        assert!(error.contains("unknown field"), "{error}");
    }
}

#[test]
fn refused_values_are_named() {
    for (text, from, to, named) in [
        (HTTP, "[\"feeder-1\"]", "[]", "keys = []"),
        (
            HTTP,
            "keys",
            "interval = 0\nkeys",
            "interval = 0: must be 1 to 3600",
        ),
        (HTTP, "timeout = 2", "timeout = 0", "http.timeout = 0"),
        (HTTP, "timeout = 2", "attempts = 0", "http.attempts = 0"),
        (HTTP, "https:", "ftp:", "uatom: url = ftp://"),
        (
            HTTP,
            "/atom/usd",
            "atom.usd",
            "uatom: price = atom.usd: must be a JSON pointer",
        ),
        (HTTP, "min = \"0.1\"", "", "uatom: min = : is needed"),
        (HTTP, "min = \"0.1\"", "min = \"1001\"", "uatom: min = 1001"),
        (HTTP, "min = \"0.1\"", "min = \"0\"", "uatom: min = 0"),
        (HTTP, "\"0.001\"", "\"1.1\"", "uusd: deviation = 1.1"),
        (HTTP, "\"uusd\"", "\"uatom\"", "assets = uatom"),
        (
            HTTP,
            "price =",
            "exponent = 37\nprice =",
            "uatom: exponent = 37",
        ),
        (
            HTTP,
            "price =",
            "symbol = \"A\"\nprice =",
            "uatom: symbol = A",
        ),
        (
            REPLAY,
            "\"atom\"",
            "\"osmo\"",
            "uatom: symbol = osmo: is no column",
        ),
        (REPLAY, "speed = 60", "speed = 0", "replay.speed = 0"),
        (REPLAY, "[[assets]]", "[http]\n[[assets]]", "not from both"),
        (
            REPLAY,
            "symbol",
            "url = \"http://a\"\nsymbol",
            "uatom: url = http://a",
        ),
        (REPLAY, "prices.csv", "none.csv", "none.csv: "),
    ] {
        let error = refusal(&text.replacen(from, to, 1));
        assert!(error.contains(named), "{named}: {error}");
    }
}

#[test]
fn a_header_without_its_variable_is_named() {
    let variable = "BULWARK_TEST_NOWHERE_SET";
    let error = refusal(&HTTP.replacen(
        "timeout = 2",
        &format!("headers = {{ X-Key = \"{variable}\" }}"),
        1,
    ));
    assert!(
        error.contains(variable) && error.contains("X-Key"),
        "{error}"
    );
}
