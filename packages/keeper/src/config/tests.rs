//! Files as somebody might write them.

use bulwark_types::liquidator::Step;

use super::*;

const EXAMPLE: &str = include_str!("../../keeper.example.toml");

const NETWORK: &str = r#"
    chain_id = "example-1"
    rpc = ["http://127.0.0.1:26657"]
    prefix = "wasm"
    denom = "ustake"
    gas_price = "0.025"
"#;

/// A folder with a network file, in which a configuration is read.
fn read(text: &str) -> KeeperResult<Config> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("network.toml"), NETWORK).unwrap();
    let file = folder.path().join("keeper.toml");
    std::fs::write(&file, text).unwrap();
    let config = Config::read(&file)?;
    // Where the folder was does not matter.
    let name = |path: &Path| path.strip_prefix(folder.path()).unwrap().to_owned();
    Ok(Config {
        addresses: name(&config.addresses),
        keyring: config.keyring.as_deref().map(name),
        folder: name(&config.folder),
        margin_calls: MarginCallConfig {
            file: name(&config.margin_calls.file),
            ..config.margin_calls
        },
        ..config
    })
}

const LEAST: &str = "network = \"network.toml\"\nkey = \"keeper\"\n";

#[test]
fn the_example_says_what_holds_anyway() {
    let example = read(EXAMPLE).unwrap();
    let least = read(LEAST).unwrap();
    assert_eq!(example, least);
}

/// What is commented out in the example is valid, too.
#[test]
fn the_examples_in_the_example_are_understood() {
    let text: Vec<&str> = EXAMPLE
        .lines()
        .map(|line| line.strip_prefix("#: ").unwrap_or(line))
        .collect();
    let config = read(&text.join("\n")).unwrap();
    assert_eq!(config.wallet.assets["uusd"], Amount(50_000_000_000));
    assert!(config.costs.kept.contains("uusd"));
    assert!(config.costs.swaps.contains_key("uatom"));
    let webhook = config.margin_calls.webhook.clone().unwrap();
    assert_eq!(
        webhook.url.reveal(),
        "https://alerts.example.com/margin-calls"
    );
    assert_eq!(
        config.vault.as_deref(),
        Some("wasm1qyqszqgpqyqszqgpqyqszqgpqyqszqgpc0styh")
    );
    assert_eq!(
        config.liquidator().unwrap().as_deref(),
        Some("wasm1qgpqyqszqgpqyqszqgpqyqszqgpqyqszftkw0p")
    );
    let pair = ("uatom".to_owned(), "uusd".to_owned());
    assert_eq!(
        config.costs.routes[&pair].fee,
        Fraction::basis_points(40),
        "what it costs is known to the plan"
    );
    let [first, second] = config.routes[&pair].as_slice() else {
        panic!("{:?}", config.routes);
    };
    let text = |msg: &[u8]| String::from_utf8(msg.to_vec()).unwrap();
    assert_eq!(first.ask, "uosmo");
    assert_eq!(
        text(&first.msg),
        r#"{"swap":{"offer_asset":{"info":{"native_token":{"denom":"uatom"}},"amount":"$amount"},"max_spread":"0.1"}}"#
    );
    assert_eq!(second.ask, "uusd");
    assert_eq!(
        text(&second.msg),
        r#"{"swap_exact":{"amount_in":"$amount"}}"#
    );
}

#[test]
fn a_network_can_stand_in_the_file_itself() {
    let text = format!("key = \"keeper\"\n[network]\n{NETWORK}");
    let config = read(&text).unwrap();
    assert_eq!(config.network.chain_id, "example-1");
    assert_eq!(config.addresses, Path::new("example-1.addresses.json"));
    let error = read(&format!("{text}\nrcp = []")).unwrap_err().to_string();
    assert!(error.contains("rcp"), "{error}");
    let error = read(&text.replace("http://", "ftp://")).unwrap_err();
    assert!(
        matches!(&error, KeeperError::Chain(_)) && error.is_usage(),
        "{error}"
    );
}

#[test]
fn unknown_fields_are_refused_wherever_they_stand() {
    for text in [
        "flor = 1",
        "[profit]\nflor = \"1\"",
        "[gas]\nlimits = 1",
        "[wallet]\nother = \"keep\"",
        "[execution]\ntry = 1",
        "[follow]\nlag = 1",
        "[margin_calls]\nfiles = \"x\"",
        "[margin_calls.webhook]\nuri = \"x\"",
        "[serve]\nport = 1",
        "[log]\nlevels = \"info\"",
        "[[assets]]\nasset = \"uusd\"\nswaps = 1",
        "[[routes]]\nsell = \"uatom\"",
    ] {
        let error = read(&format!("{LEAST}{text}")).unwrap_err();
        assert!(matches!(&error, KeeperError::Form { .. }), "{error}");
        assert!(error.to_string().contains("unknown field"), "{error}");
    }
}

#[test]
fn refused_values_are_named() {
    for (text, field, value) in [
        ("vault = \"osmo1x\"", "vault", "osmo1x"),
        ("[profit]\nfloor = \"-1\"", "profit.floor", "-1"),
        ("[profit]\nmost_loss = \"1\"", "profit.most_loss", "1"),
        (
            "[profit]\nmode = \"protect\"\nfloor = \"1\"",
            "profit.floor",
            "1",
        ),
        ("[profit]\nslippage = \"0.6\"", "profit.slippage", "0.6"),
        ("[profit]\nmost_accounts = 0", "profit.most_accounts", "0"),
        ("[gas]\nlimit = 1000", "gas.limit", "1000"),
        ("[gas]\nholding = 0", "gas.holding", "0"),
        ("[execution]\nlifetime = 1", "execution.lifetime", "1"),
        ("[execution]\ntries = 0", "execution.tries", "0"),
        ("[follow]\nmax_lag = 1", "follow.max_lag", "1"),
        ("[follow]\nverify = 1", "follow.verify", "1"),
        (
            "[margin_calls]\nrecovery = \"2\"",
            "margin_calls.recovery",
            "2",
        ),
        ("[serve]\nlisten = \"9464\"", "serve.listen", "9464"),
        ("[log]\nlevel = \"loud\"", "log.level", "loud"),
        (
            "[[assets]]\nasset = \"a\"\n[[assets]]\nasset = \"a\"",
            "assets[1].asset",
            "a",
        ),
        (
            "[[assets]]\nasset = \"a\"\nswap = { fee = \"0.9\" }",
            "assets[0].swap.fee",
            "0.9",
        ),
        (
            "[[assets]]\nasset = \"a\"\nswap = { fee = \"0\", depth = \"0\" }",
            "assets[0].swap.depth",
            "0",
        ),
    ] {
        match read(&format!("{LEAST}{text}")) {
            Err(error @ KeeperError::Value { .. }) => {
                let said = error.to_string();
                assert!(said.contains(&format!("{field} = {value}:")), "{said}");
                assert!(error.is_usage());
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

/// A pool that routes name.
const POOL: &str = "wasm1qvpsxqcrqvpsxqcrqvpsxqcrqvpsxqcrgmh09q";

/// A route of one step, of which something is written differently.
fn route(from: &str, to: &str) -> KeeperResult<Config> {
    let text = r#"
        [[routes]]
        seize = "uatom"
        debt = "uusd"
        fee = "0.003"
        [[routes.steps]]
        contract = "wasm1qvpsxqcrqvpsxqcrqvpsxqcrqvpsxqcrgmh09q"
        form = "plain"
    "#;
    assert!(text.contains(from), "{from}");
    read(&format!("{LEAST}{}", text.replace(from, to)))
}

#[test]
fn a_route_leads_from_what_is_seized_to_what_is_owed() {
    let config = route("", "").unwrap();
    let pair = ("uatom".to_owned(), "uusd".to_owned());
    let [step] = config.routes[&pair].as_slice() else {
        panic!("{:?}", config.routes);
    };
    assert_eq!(*step, Step::plain(POOL, "uusd").unwrap());
    let (step, plain) = ("routes[0].steps[0]", "form = \"plain\"");
    for (from, to, field, value) in [
        ("uusd", "uatom", "routes[0].debt", "uatom"),
        ("uatom", "", "routes[0].seize", ""),
        ("0.003", "0.51", "routes[0].fee", "0.51"),
        ("0.003\"", "0\"\ndepth = \"0\"", "routes[0].depth", "0"),
        (POOL, "osmo1pool", &format!("{step}.contract"), "osmo1pool"),
        (POOL, "wasm1pool", &format!("{step}.contract"), "wasm1pool"),
        (POOL, "wasm1…", &format!("{step}.contract"), "wasm1…"),
        (plain, "", &format!("{step}.form"), ""),
        (
            plain,
            "form = \"plain\"\nmsg = \"{}\"",
            &format!("{step}.form"),
            "",
        ),
        (
            plain,
            "form = \"plain\"\nmax_spread = \"0.1\"",
            &format!("{step}.max_spread"),
            "0.1",
        ),
        (plain, "msg = \"{\"", &format!("{step}.msg"), "{"),
        (
            plain,
            "form = \"plain\"\nask = \"uatom\"",
            &format!("{step}.ask"),
            "uatom",
        ),
        (
            plain,
            "form = \"plain\"\n[[routes.steps]]\ncontract = \"wasm1qvpsxqcrqvpsxqcrqvpsxqcrqvpsxqcrgmh09q\"\nform = \"plain\"",
            &format!("{step}.ask"),
            "",
        ),
    ] {
        match route(from, to) {
            Err(error @ KeeperError::Value { .. }) => {
                let said = error.to_string();
                assert!(said.contains(&format!("{field} = {value}:")), "{said}");
            }
            other => panic!("{to}: {other:?}"),
        }
    }
    let again = "wasm1qvpsxqcrqvpsxqcrqvpsxqcrqvpsxqcrgmh09q\"\nform = \"plain\"\n[[routes]]\nseize = \"uatom\"\ndebt = \"uusd\"\n\
        fee = \"0\"\n[[routes.steps]]\ncontract = \"wasm1qvpsxqcrqvpsxqcrqvpsxqcrqvpsxqcrgmh09q";
    let error = route(POOL, again).unwrap_err();
    assert!(error.to_string().contains("stands there twice"), "{error}");
    let steps = "[[routes.steps]]\ncontract = \"wasm1qvpsxqcrqvpsxqcrqvpsxqcrqvpsxqcrgmh09q\"\nask = \"uusd\"\n".repeat(9);
    let error = route("[[routes.steps]]", &(steps + "[[routes.steps]]")).unwrap_err();
    assert!(error.to_string().contains("must be 1 to 8"), "{error}");
}

#[test]
fn the_liquidator_comes_from_the_address_file_unless_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        addresses: folder.path().join("none.json"),
        ..route("", "").unwrap()
    };
    let error = config.liquidator().unwrap_err();
    assert!(error.to_string().contains("names no liquidator"), "{error}");
    let named = Config {
        liquidator: Some("wasm1l".into()),
        ..config.clone()
    };
    assert_eq!(named.liquidator().unwrap().as_deref(), Some("wasm1l"));
    let without = Config {
        routes: Routes::new(),
        ..config
    };
    assert_eq!(without.liquidator().unwrap(), None);
}

#[test]
fn a_webhook_is_never_shown() {
    let hook = |rest: &str| read(&format!("{LEAST}[margin_calls.webhook]\n{rest}"));
    let config = hook("url = \"https://alerts.example.com/token-4711\"").unwrap();
    assert!(!format!("{config:?}").contains("4711"));
    for wrong in [
        "url = \"token-4711\"",
        "url = \"http://x/token-4711",
        "url = \"http://x/token-4711\"\nurl = \"http://x/token-4711\"",
    ] {
        let error = hook(wrong).unwrap_err();
        assert!(!error.to_string().contains("4711"), "{error}");
    }
    assert!(hook("").is_err());
    let error = hook("url_from = \"BULWARK_NO_SUCH_VARIABLE\"").unwrap_err();
    assert!(
        matches!(&error, KeeperError::Unset { variable, .. } if variable == "BULWARK_NO_SUCH_VARIABLE")
    );
    let headers = "url = \"http://x/\"\nheaders = { A = \"BULWARK_NO_SUCH_VARIABLE\" }";
    assert!(hook(headers).is_err());
    let spaced = "url = \"http://x/\"\nheaders = { \"A B\" = \"PATH\" }";
    let error = hook(spaced).unwrap_err().to_string();
    let said = "margin_calls.webhook.headers.A B = PATH: is no header's name";
    assert!(error.ends_with(said), "{error}");
}

#[test]
fn only_what_may_be_spent_is() {
    let assets = || ["uatom", "uusd"].map(str::to_owned);
    let wallet = |text: &str| read(&format!("{LEAST}{text}")).unwrap().wallet;
    assert!(wallet("").limits(assets()).is_empty());
    let one = "[[assets]]\nasset = \"uusd\"\nmost = \"5\"\n";
    let limits = wallet(one).limits(assets());
    assert_eq!(limits, [("uusd".to_owned(), Amount(5))].into());
    let all = format!("{one}[wallet]\nothers = \"keep\"");
    let limits = wallet(&all).limits(assets());
    assert_eq!(limits["uusd"], Amount(5));
    assert_eq!(limits["uatom"], Amount(AMOUNT_LIMIT));
}

#[test]
fn fees_of_what_may_be_on_its_way_are_left_unless_said_otherwise() {
    let reserve = |text: &str| read(&format!("{LEAST}{text}")).unwrap().wallet.fee_reserve;
    // 0.025 for each of 1.3 times 116,652 and 103,542.
    let one = 7_157;
    assert_eq!(reserve(""), Amount(64 * one));
    assert_eq!(reserve("[execution]\nmost_in_flight = 2"), Amount(2 * one));
    assert_eq!(reserve("[wallet]\nfee_reserve = \"5\""), Amount(5));
}

#[test]
fn the_vault_comes_from_the_address_file_unless_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        addresses: folder.path().join("none.json"),
        ..read(LEAST).unwrap()
    };
    let error = config.vault().unwrap_err();
    assert!(error.to_string().contains("names no vault"), "{error}");
    let named = Config {
        vault: Some("wasm1v".into()),
        ..config
    };
    assert_eq!(named.vault().unwrap(), "wasm1v");
}
