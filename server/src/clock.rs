//! What time it is. Passed in, so that tests can say.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds of a second, a minute, an hour and a day.
pub const SECOND: i64 = 1000;
/// See [`SECOND`].
pub const MINUTE: i64 = 60 * SECOND;
/// See [`SECOND`].
pub const HOUR: i64 = 60 * MINUTE;
/// See [`SECOND`].
pub const DAY: i64 = 24 * HOUR;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970, UTC.
    fn now(&self) -> i64;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}

/// `2026-11-23T08:05Z` (ISO 8601, UTC, to the minute).
pub fn to_the_minute(ms: i64) -> String {
    let (year, month, day) = civil(ms.div_euclid(DAY));
    let minutes = ms.rem_euclid(DAY) / MINUTE;
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}Z", minutes / 60, minutes % 60)
}

/// `2026-11-23` (ISO 8601, UTC).
pub fn date(ms: i64) -> String {
    let (year, month, day) = civil(ms.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// `Mon, 23 Nov 2026 08:05:00 GMT` (RFC 1123), as feeds date what is in them.
pub fn in_feeds(ms: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let days = ms.div_euclid(DAY);
    let (year, month, day) = civil(days);
    let nth = |names: &'static [&'static str], nth: i64| names[usize::try_from(nth).unwrap_or_default() % names.len()];
    let seconds = ms.rem_euclid(DAY) / SECOND;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let (weekday, month) = (nth(&DAYS, days.rem_euclid(7)), nth(&MONTHS, month - 1));
    format!("{weekday}, {day:02} {month} {year:04} {hours:02}:{minutes:02}:{seconds:02} GMT")
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar: 400 years have 146,097 days, and
/// years that begin in March keep the odd day for the end.
pub(crate) fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

/// The day of a date of the Gregorian calendar, counted from 1970-01-01; what [`to_the_minute`] undoes.
pub(crate) fn day(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_name_the_day_of_the_week() {
        assert_eq!(in_feeds(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(in_feeds(1_795_420_859_000), "Mon, 23 Nov 2026 08:00:59 GMT");
        assert_eq!(in_feeds(-1), "Wed, 31 Dec 1969 23:59:59 GMT");
    }

    #[test]
    fn days_have_their_dates() {
        for (ms, text) in [
            (0, "1970-01-01T00:00Z"),
            (951_782_400_000, "2000-02-29T00:00Z"),
            (1_795_420_859_000, "2026-11-23T08:00Z"),
            (-1, "1969-12-31T23:59Z"),
            (4_107_542_399_999, "2100-02-28T23:59Z"),
        ] {
            assert_eq!(to_the_minute(ms), text);
            assert_eq!(date(ms), text[..10]);
            let number = |range: std::ops::Range<usize>| text[range].parse().expect("digits");
            assert_eq!(day(number(0..4), number(5..7), number(8..10)), ms.div_euclid(DAY));
        }
    }
}
