//! Dates as the product's languages write them.

use crate::Lang;

const MONTHS: [(&str, &str); 12] = [
    ("janvier", "January"),
    ("février", "February"),
    ("mars", "March"),
    ("avril", "April"),
    ("mai", "May"),
    ("juin", "June"),
    ("juillet", "July"),
    ("août", "August"),
    ("septembre", "September"),
    ("octobre", "October"),
    ("novembre", "November"),
    ("décembre", "December"),
];

/// A date (EDTF level 0, ISO 8601-2) in words, as exact as it is; as it stands where it is none.
///
/// ```
/// use plan::{Lang, date::in_words};
///
/// assert_eq!(in_words(Lang::Fr, "2025-02-13"), "13 février 2025");
/// assert_eq!(in_words(Lang::Fr, "2025-08-01"), "1er août 2025");
/// assert_eq!(in_words(Lang::En, "2023-12"), "December 2023");
/// assert_eq!(in_words(Lang::En, "2023"), "2023");
/// assert_eq!(in_words(Lang::En, "2023-13"), "2023-13");
/// ```
pub fn in_words(lang: Lang, edtf: &str) -> String {
    let mut parts = edtf.splitn(3, '-');
    let year = parts.next().unwrap_or_default();
    let month = parts.next().and_then(|number| month(lang, number.parse().ok()?));
    let Some(month) = month else { return edtf.to_owned() };
    match parts.next().map(str::parse::<u8>) {
        None => format!("{month} {year}"),
        Some(Ok(1)) if lang == Lang::Fr => format!("1er {month} {year}"),
        Some(Ok(day)) => format!("{day} {month} {year}"),
        Some(Err(_)) => edtf.to_owned(),
    }
}

/// The month from 1 to 12, `février`.
pub(crate) fn month(lang: Lang, number: u8) -> Option<&'static str> {
    let (french, english) = MONTHS.get(usize::from(number).checked_sub(1)?)?;
    Some(if lang == Lang::Fr { french } else { english })
}

/// Whether it is a day, a month or a year of the calendar (EDTF level 0, ISO 8601-2).
///
/// ```
/// use plan::date::is_date;
///
/// assert!(["2025", "2023-12", "2025-02-13", "2024-02-29"].into_iter().all(is_date));
/// assert!(!["", "25", "2023-13", "2025-02-29", "2025-2-1", "early 2024", "2024-01-01T00:00"].into_iter().any(is_date));
/// ```
pub fn is_date(edtf: &str) -> bool {
    let mut parts = edtf.split('-');
    let mut number = |digits: usize| {
        let part = parts.next().map(|part| if part.len() == digits { part.as_bytes() } else { b"?" });
        part.map(|part| part.iter().try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + u16::from(b - b'0'))))
    };
    let (Some(Some(year)), month, day) = (number(4), number(2), number(2)) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        None => return true,
        Some(Some(2)) => 28 + u16::from(leap),
        Some(Some(4 | 6 | 9 | 11)) => 30,
        Some(Some(1..=12)) => 31,
        Some(_) => return false,
    };
    parts.next().is_none() && day.is_none_or(|day| day.is_some_and(|day| (1..=days).contains(&day)))
}
