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

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar: 400 years have 146,097 days, and
/// years that begin in March keep the odd day for the end.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        }
    }
}
