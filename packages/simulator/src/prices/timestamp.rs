//! ISO-8601 timestamps in UTC to and from Unix seconds.
//!
//! One form is read, `2020-03-07T01:00:00Z`, and the same is written: a price file that leaves
//! the time zone open would shift a whole crash without anybody seeing it.

const DAY: u64 = 86_400;

/// A day of the proleptic Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarDay {
    /// The year, 1970 to 9999.
    pub year: u64,
    /// The month, 1 to 12.
    pub month: u64,
    /// The day of the month, 1 to 31.
    pub day: u64,
}

/// Reads `YYYY-MM-DDThh:mm:ssZ` from 1970 on as Unix seconds. Nothing else is accepted: no
/// offsets, no fractions, no leap second, no day that the calendar does not have.
pub fn parse(text: &str) -> Option<u64> {
    let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
    let marks = [
        (4, b'-'),
        (7, b'-'),
        (10, b'T'),
        (13, b':'),
        (16, b':'),
        (19, b'Z'),
    ];
    if marks.iter().any(|(at, mark)| bytes[*at] != *mark) {
        return None;
    }
    let year = digits(&bytes[0..4])?;
    let month = digits(&bytes[5..7])?;
    let day = digits(&bytes[8..10])?;
    let (hour, minute, second) = (
        digits(&bytes[11..13])?,
        digits(&bytes[14..16])?,
        digits(&bytes[17..19])?,
    );
    if year < 1970 || !(1..=12).contains(&month) || !(1..=month_length(year, month)).contains(&day)
    {
        return None;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = days_before_year(year) + (1..month).map(|m| month_length(year, m)).sum::<u64>();
    Some((days + day - 1) * DAY + hour * 3_600 + minute * 60 + second)
}

/// Writes Unix seconds as `YYYY-MM-DDThh:mm:ssZ`.
pub fn format(seconds: u64) -> String {
    let CalendarDay { year, month, day } = calendar_day(seconds);
    let (hour, minute) = hour_and_minute(seconds);
    format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z",
        seconds % 60
    )
}

/// The hour and the minute of the day, in UTC.
pub fn hour_and_minute(seconds: u64) -> (u64, u64) {
    (seconds % DAY / 3_600, seconds % 3_600 / 60)
}

/// The calendar day in UTC. Beyond the year 9999 it stays on that year's last day.
pub fn calendar_day(seconds: u64) -> CalendarDay {
    let days = (seconds / DAY).min(days_before_year(10_000) - 1);
    // A mean year has 365.2425 days, so this guess is at most one year off.
    let mut year = 1970 + days * 10_000 / 3_652_425;
    while days_before_year(year + 1) <= days {
        year += 1;
    }
    while days_before_year(year) > days {
        year -= 1;
    }
    let mut rest = days - days_before_year(year);
    let mut month = 1;
    while rest >= month_length(year, month) {
        rest -= month_length(year, month);
        month += 1;
    }
    CalendarDay {
        year,
        month,
        day: rest + 1,
    }
}

/// The Unix seconds at which a day of the calendar begins; `month` counts on beyond 12.
pub fn start_of_month(year: u64, month: u64) -> u64 {
    let year = year + (month - 1) / 12;
    let month = (month - 1) % 12 + 1;
    (days_before_year(year) + (1..month).map(|m| month_length(year, m)).sum::<u64>()) * DAY
}

fn digits(bytes: &[u8]) -> Option<u64> {
    bytes.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + u64::from(byte - b'0'))
    })
}

fn is_leap(year: u64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn month_length(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to the first of January of `year`, 1970 or later.
fn days_before_year(year: u64) -> u64 {
    let leap_days = |year: u64| year / 4 - year / 100 + year / 400;
    (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969)
}
