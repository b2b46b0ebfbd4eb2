//! `Retry-After`: the wait that a server asks for.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// Reads `Retry-After`: whole seconds, or a date of HTTP in any of its three forms. A date that has passed is no wait; a value
/// that is neither is none. A date is compared with the answer's own, whose clock it comes from, or else with the local clock.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than a number holds are as good as for ever.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let sent = headers.get(DATE).and_then(|sent| httpdate::parse_http_date(sent.to_str().ok()?).ok());
    Some(date.duration_since(sent.unwrap_or(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
    const EXAMPLE: Duration = Duration::from_secs(784_111_777);

    #[test]
    fn a_date_is_counted_from_the_answers_own() {
        let headers = [(RETRY_AFTER, "Sun, 06 Nov 1994 08:49:37 GMT"), (DATE, "Sun, 06 Nov 1994 08:49:30 GMT")];
        let headers = HeaderMap::from_iter(headers.map(|(name, value)| (name, value.parse().unwrap())));
        for skew in [0, 3_600, 7_200] {
            let now = SystemTime::UNIX_EPOCH + EXAMPLE - Duration::from_secs(3_600) + Duration::from_secs(skew);
            assert_eq!(retry_after(&headers, now), Some(Duration::from_secs(7)));
        }
    }

    fn read(value: &'static str) -> Option<u64> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
        retry_after(&headers, SystemTime::UNIX_EPOCH + EXAMPLE - Duration::from_secs(30)).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_are_read() {
        assert_eq!([read("0"), read("7"), read(" 60 ")], [Some(0), Some(7), Some(60)]);
        assert_eq!(read("99999999999999999999999"), Some(u64::MAX));
    }

    #[test]
    fn a_date_in_any_of_its_forms_is_read() {
        for date in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(read(date), Some(30), "{date}");
        }
        assert_eq!(read("Sat, 05 Nov 1994 08:49:37 GMT"), Some(0), "it has passed");
    }

    #[test]
    fn what_is_neither_says_nothing() {
        for value in ["", "soon", "-5", "1.5", "+7", "Sun, 99 Nov 1994 08:49:37 GMT"] {
            assert_eq!(read(value), None, "{value:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), SystemTime::UNIX_EPOCH), None);
    }
}
