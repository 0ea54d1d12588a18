//! Who paid for bad debt, and why there was any.

use crate::report::data::{BadDebtRow, ReportData};
use crate::report::format;
use crate::report::html::{Align, Table, escape, legend, section};

pub fn render(data: &ReportData) -> String {
    let explanation = "Debt that is left when an account has nothing more to seize is written off in \
                       the same transaction: the market’s reserve pays first, then all its \
                       suppliers in proportion. It arises where a deposit falls by more than its \
                       haircut before keepers can act, or where it has no price for too long.";
    if data.bad_debt.is_empty() {
        let none = "<p class=\"good\">There was no bad debt: every debt was repaid in full.</p>";
        return section("bad-debt", "Bad debt", explanation, none);
    }
    section("bad-debt", "Bad debt", explanation, &table(&data.bad_debt))
}

fn table(rows: &[BadDebtRow]) -> String {
    use Align::{Number, Text};
    let mut table = Table::new(&[
        ("Debt in", Text),
        ("Written off", Number),
        ("Reserve paid", Number),
        ("Suppliers lost", Number),
        ("", Text),
        ("Of the pool", Number),
        ("Mostly against", Text),
        ("Its haircut before", Number),
        ("Largest fall in a step", Number),
    ]);
    let fraction =
        |f: Option<f64>| f.map_or_else(|| format::NO_FIGURE.to_owned(), |f| format::percent(f, 1));
    for row in rows {
        table.row(&[
            format!("<b>{}</b>", escape(&row.symbol)),
            format::usd(row.written_off_usd),
            format::usd(row.reserve_usd),
            format::usd(row.suppliers_usd),
            parts(row.reserve_usd, row.suppliers_usd),
            format::percent(row.share_of_pool, 2),
            escape(&row.collateral),
            fraction(row.haircut_before),
            fraction(row.largest_fall),
        ]);
    }
    let sum = |part: fn(&BadDebtRow) -> f64| rows.iter().map(part).sum::<f64>();
    let (reserve, suppliers) = (sum(|row| row.reserve_usd), sum(|row| row.suppliers_usd));
    table.total(&[
        "all".to_owned(),
        format::usd(sum(|row| row.written_off_usd)),
        format::usd(reserve),
        format::usd(suppliers),
        parts(reserve, suppliers),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
    ]);
    let legend = legend(&[
        ("s2".to_owned(), "paid by the reserve".to_owned()),
        ("s3".to_owned(), "paid by suppliers".to_owned()),
    ]);
    legend + &table.finish()
}

fn parts(reserve: f64, suppliers: f64) -> String {
    let whole = (reserve + suppliers).max(f64::MIN_POSITIVE);
    let percent = |part: f64| (part / whole * 100.0).clamp(0.0, 100.0);
    format!(
        "<span class=\"parts\"><i class=\"s2\" style=\"width:{:.1}%\"></i><i class=\"s3\" style=\"width:{:.1}%\"></i></span>",
        percent(reserve),
        percent(suppliers)
    )
}
