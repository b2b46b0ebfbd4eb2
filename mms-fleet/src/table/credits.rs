//! Credits in a cell: a multiple of 10,000, in digits alone.

use mms_types::{Operations, meant_number};

/// Reads an allocation after its sign, which is empty for a total, or says what is wrong and what to write.
pub(super) fn credits(sign: &str, text: &str) -> Result<Operations, (String, String)> {
    let step = Operations::STEP;
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        let help = match meant_number(text).filter(|number| Operations::new(*number).is_ok()) {
            Some(number) => format!("write {sign}{number}, without a separator or a unit"),
            None => format!("write a multiple of {step}, such as {}", step * 2),
        };
        let whole = format!("{sign}{text}");
        return Err((format!("{whole:?} is not a number of credits"), help));
    }
    let too_large = || too_large(&format!("{sign}{text}"));
    let number: u64 = text.parse().map_err(|_| too_large())?;
    if !number.is_multiple_of(step) {
        let below = number / step * step;
        let help = match below.checked_add(step) {
            // A difference of 0 is none.
            Some(above) if below == 0 && !sign.is_empty() => format!("write {sign}{above}"),
            Some(above) => format!("write {sign}{below} or {sign}{above}"),
            None => format!("write {sign}{below}"),
        };
        return Err((format!("{sign}{text} is not a multiple of {step}"), help));
    }
    Operations::new(number).map_err(|_| too_large())
}

fn too_large(text: &str) -> (String, String) {
    (
        format!("{text} is too large"),
        format!("write a multiple of {}, such as {}", Operations::STEP, Operations::STEP * 2),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_written_for_people_is_told_as_it_has_to_be() {
        for (sign, text) in [("", "20,000"), ("+", "20.000"), ("-", "20k"), ("", "20000.00"), ("", "20000 credits")] {
            let help = format!("write {sign}20000, without a separator or a unit");
            assert_eq!(credits(sign, text).unwrap_err().1, help, "{sign}{text}");
        }
        for text in ["", "many", "1.5", "15,000", "2,00,00", "0x10"] {
            assert_eq!(credits("", text).unwrap_err().1, "write a multiple of 10000, such as 20000", "{text}");
        }
    }

    #[test]
    fn credits_are_multiples_of_ten_thousand() {
        assert_eq!(credits("", "0").unwrap().get(), 0);
        assert_eq!(credits("", "20000").unwrap().get(), 20_000);
        let (message, help) = credits("+", "12345").unwrap_err();
        assert_eq!((message.as_str(), help.as_str()), ("+12345 is not a multiple of 10000", "write +10000 or +20000"));
        assert!(credits("", "99999999999999999999").unwrap_err().0.contains("too large"));
        assert!(credits("", "18446744073709550000").unwrap_err().0.contains("too large"));
    }
}
