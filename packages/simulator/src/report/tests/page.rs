use super::fixture::{sample, sample_over};
use crate::report::*;

/// What a browser would need a network for.
const OUTSIDE: [&str; 7] = [
    "src=", "<link", "@import", "url(", "https://", "fetch(", "import(",
];

#[test]
fn the_page_is_complete_in_itself() {
    let page = render(&sample(240));
    for outside in OUTSIDE {
        assert!(!page.contains(outside), "{outside}");
    }
    // The only address is the name of the SVG namespace.
    assert_eq!(
        page.matches("http://").count(),
        page.matches("http://www.w3.org/2000/svg").count()
    );
    for id in [
        "markets",
        "account",
        "prices",
        "haircuts",
        "story",
        "ratios",
        "liquidations",
        "books",
        "pools",
        "bad-debt",
        "balance",
    ] {
        assert!(page.contains(&format!("<section id=\"{id}\">")), "{id}");
    }
}

#[test]
fn every_element_that_is_opened_is_closed() {
    let page = render(&sample(60));
    for tag in [
        "section", "figure", "svg", "table", "tr", "td", "div", "span", "g", "ol", "li", "script",
    ] {
        let opened =
            page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
    assert!(
        !page.contains("NaN") && !page.contains("inf "),
        "a place that is no number"
    );
}

#[test]
fn text_from_outside_cannot_become_markup() {
    const EVIL: &str = "</script><script>alert(\"1\")</script>'&";
    let mut data = sample(30);
    data.meta.title = EVIL.to_owned();
    data.meta.command_line = EVIL.to_owned();
    data.meta.price_source = EVIL.to_owned();
    data.markets[0].symbol = EVIL.to_owned();
    data.markets[0].asset = EVIL.to_owned();
    data.markets[0].family = EVIL.to_owned();
    data.series.markets[0].symbol = EVIL.to_owned();
    data.series.haircuts[0].family = EVIL.to_owned();
    data.liquidations.push(LiquidationPoint {
        timestamp: data.series.timestamps[1],
        kind: LiquidationKind::Partial,
        repaid: EVIL.to_owned(),
        seized: EVIL.to_owned(),
        value_usd: 1.0,
        bonus_usd: 0.1,
        ratio_before: None,
    });
    data.bad_debt[0].symbol = EVIL.to_owned();
    data.bad_debt[0].collateral = EVIL.to_owned();
    data.balance_sheet[0].symbol = EVIL.to_owned();
    data.story[0].text = EVIL.to_owned();
    let account = data.account.as_mut().unwrap();
    account.label = EVIL.to_owned();
    account.holdings[0].symbol = EVIL.to_owned();
    data.verdict.violations = 1;
    data.verdict.first_violations = vec![Violation {
        invariant: 2,
        step: 7,
        text: EVIL.to_owned(),
    }];
    let page = render(&data);
    assert!(!page.contains("<script>alert"));
    assert!(!page.contains("alert(\"1"));
    let opened = page.matches("<script").count();
    assert_eq!(opened, render(&sample(30)).matches("<script").count());
}

#[test]
fn an_empty_run_has_a_report_too() {
    let page = render(&ReportData::default());
    assert!(page.contains("Not solvent") && page.contains("No account had to be liquidated"));
    assert!(!page.contains("NaN"));
}

#[test]
fn series_that_are_too_short_are_drawn_as_far_as_they_go() {
    let mut data = sample(50);
    data.series.margin_ratios.truncate(10);
    data.series.markets[0].prices.truncate(3);
    data.series.books.equity_usd.clear();
    data.series.haircuts[0].target.push(Some(f64::NAN));
    data.series.markets[1].prices = vec![None; 50];
    assert!(!render(&data).contains("NaN"));
}

#[test]
fn a_broken_invariant_is_named() {
    let mut data = sample(30);
    data.verdict.violations = 3;
    data.verdict.first_violations = vec![Violation {
        invariant: 14,
        step: 9,
        text: "12 units are missing".to_owned(),
    }];
    let page = render(&data);
    assert!(page.contains("Invariant broken"));
    assert!(page.contains("invariant 14 after step 9: 12 units are missing"));
    assert!(!page.contains("✓ Solvent"));
}

#[test]
fn a_long_run_has_a_report_of_bounded_size() {
    let short = render(&sample(1_200)).len();
    let mut data = sample(20_000);
    let point = data.liquidations[0].clone();
    data.liquidations.extend(std::iter::repeat_n(point, 50_000));
    let event = data.story[0].clone();
    data.story.extend(std::iter::repeat_n(event, 50_000));
    let page = render(&data);
    assert!(
        page.len() < short * 3 / 2 + 200_000,
        "{} and {short}",
        page.len()
    );
    assert!(page.len() < 2_000_000, "{}", page.len());
    assert!(page.contains("700 of 5") && page.contains("The first 300 of 50,0"));
}

#[test]
fn the_data_survive_json() {
    let data = sample(30);
    let text = serde_json::to_string(&data).unwrap();
    let read: ReportData = serde_json::from_str(&text).unwrap();
    assert_eq!(read.balance_sheet, data.balance_sheet);
    assert_eq!(read.series.timestamps, data.series.timestamps);
}

/// Writes sample reports where `BULWARK_REPORT_SAMPLES` says, to look at.
#[test]
fn sample_reports_to_look_at() {
    let Some(folder) = std::env::var_os("BULWARK_REPORT_SAMPLES").map(std::path::PathBuf::from)
    else {
        return;
    };
    std::fs::write(folder.join("generated.html"), render(&sample(240))).unwrap();
    if let Some(prices) = std::env::var_os("BULWARK_PRICES").map(std::path::PathBuf::from) {
        for name in ["2022-05_terra_1h", "daily_2018_2022_coingecko"] {
            let table = crate::prices::csv::read(&prices.join(format!("{name}.csv"))).unwrap();
            let page = render(&sample_over(&table));
            std::fs::write(folder.join(format!("{name}.html")), page).unwrap();
        }
    }
}
