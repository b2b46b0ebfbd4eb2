//! Cell of a table: a value as a reader sees it.

use std::borrow::Cow;

use clap::builder::styling::{AnsiColor, Style};
use mms_types::{grouped, grouped_hundredths};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::output::data::number::hundredths;
use crate::output::data::record::{Tone, Value};
use crate::output::safe::printable;
use crate::output::terminal::Terminal;
use crate::output::time;

/// Width of a bar.
const BAR: usize = 10;

/// Reader of a table: the terminal, and the time for relative times, where there is one.
#[derive(Debug, Clone, Copy)]
pub(in crate::output) struct Reader {
    pub(in crate::output) terminal: Terminal,
    pub(in crate::output) now: Option<jiff::Timestamp>,
    /// Whether the titles are left out.
    pub(in crate::output) is_headless: bool,
}

/// Returns a value as a cell shows it.
pub(in crate::output) fn painted_value(value: &Value, reader: Reader) -> String {
    painted(&shown(value, reader), style_of(value), reader).into_owned()
}

/// Returns how wide a text is on a screen. Nearly every text is ASCII, of which a character takes one cell.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// Returns how wide a value is as a cell shows it. The digits of most numbers are counted without being written.
pub(super) fn width_of(value: &Value<'_>, reader: Reader) -> usize {
    match value {
        Value::Id(id) => digits_of((*id).into()),
        Value::Integer(number) if !reader.terminal.is_there => digits_of(*number),
        _ => width(&shown(value, reader)),
    }
}

fn digits_of(number: i128) -> usize {
    let sign = usize::from(number < 0);
    match u64::try_from(number.unsigned_abs()) {
        Ok(number) => number.checked_ilog10().map_or(1, |log| log as usize + 1) + sign,
        Err(_) => number.to_string().len(),
    }
}

/// Cuts a text to a width, with a sign that something is left out. A mark stays with the letter before it.
pub(super) fn cut(text: &str, most: usize, unicode: bool) -> Cow<'_, str> {
    if width(text) <= most {
        return text.into();
    }
    let sign = if unicode { "…" } else { "..." };
    let mut cut = String::new();
    let mut used = sign.width();
    for character in text.chars() {
        used += character.width().unwrap_or_default();
        if used > most {
            break;
        }
        cut.push(character);
    }
    cut.push_str(sign);
    cut.into()
}

pub(super) fn painted(text: &str, style: Option<Style>, reader: Reader) -> Cow<'_, str> {
    match style.filter(|_| reader.terminal.color && !text.is_empty()) {
        Some(style) => format!("{style}{text}{style:#}").into(),
        None => text.into(),
    }
}

pub(super) fn style_of(value: &Value<'_>) -> Option<Style> {
    let (Value::Word(_, tone) | Value::Bar(_, tone)) = value else { return None };
    Some(tone_style(*tone))
}

/// Returns the colour of a meaning.
pub(in crate::output::data) const fn tone_style(tone: Tone) -> Style {
    match tone {
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Warning => AnsiColor::Yellow.on_default(),
        Tone::Bad => AnsiColor::Red.on_default().bold(),
    }
}

/// Renders a value for a person who has no terminal.
pub(in crate::output::data) fn for_people(value: &Value<'_>) -> String {
    let terminal =
        Terminal { is_there: true, width: None, height: None, color: false, unicode: true, can_redraw: false };
    in_full(value, Reader { terminal, now: None, is_headless: false }).into_owned()
}

/// Renders a value for a reader: on a terminal with the thousands apart, and a time by how far away it is.
pub(super) fn shown<'a>(value: &Value<'a>, reader: Reader) -> Cow<'a, str> {
    if let Value::Time(timestamp) = value
        && let Some(distance) = reader.now.and_then(|now| time::distance_or_clock(timestamp, now))
    {
        return distance.into();
    }
    in_full(value, reader)
}

/// Renders a value with all that is known of it.
pub(super) fn in_full<'a>(value: &Value<'a>, reader: Reader) -> Cow<'a, str> {
    let for_people = reader.terminal.is_there;
    match value {
        Value::Nothing => "-".into(),
        Value::Text(Cow::Borrowed(text)) => printable(text),
        Value::Text(Cow::Owned(text)) => printable(text).into_owned().into(),
        Value::Word(word, _) => (*word).into(),
        Value::Id(id) => id.to_string().into(),
        Value::Integer(number) if for_people => grouped(*number).into(),
        Value::Integer(number) => digits(*number).into(),
        Value::Change(number) if for_people => signed(*number, grouped(*number)).into(),
        Value::Change(number) => signed(*number, digits(*number)).into(),
        Value::Percent(1_000..) => ">999%".into(),
        Value::Percent(percent) if for_people => format!("{}%", grouped(*percent)).into(),
        Value::Percent(percent) => format!("{percent}%").into(),
        Value::Bar(percent, _) => bar(*percent, reader.terminal.unicode).into(),
        Value::Centicredits(amount) if for_people => grouped_hundredths(amount.get().into()).into(),
        Value::Centicredits(amount) => amount.to_string().into(),
        Value::Credits(amount) if for_people => grouped_hundredths(*amount).into(),
        Value::Credits(amount) => hundredths(*amount).into(),
        Value::Time(timestamp) => match reader.now.and_then(|now| time::distance(timestamp, now)) {
            Some(distance) => format!("{} ({distance})", printable(timestamp.as_str())).into(),
            None => printable(timestamp.as_str()),
        },
    }
}

/// Returns the digits of a number. Nearly all have 64 bits, which takes half the time.
fn digits(number: i128) -> String {
    i64::try_from(number).map_or_else(|_| number.to_string(), |number| number.to_string())
}

/// Returns the digits of a number with its sign, whichever it is.
fn signed(number: i128, digits: String) -> String {
    if number > 0 { format!("+{digits}") } else { digits }
}

/// Draws a share: full at 100 %.
fn bar(percent: u64, unicode: bool) -> String {
    let filled = usize::try_from(percent.min(100)).unwrap_or_default() * BAR / 100;
    let (full, empty) = if unicode { ("█", "░") } else { ("#", ".") };
    full.repeat(filled) + &empty.repeat(BAR - filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_by_what_it_takes_on_a_screen() {
        assert_eq!(cut("Acme Bakery", 11, true), "Acme Bakery");
        assert_eq!(cut("Acme Bakery", 8, true), "Acme Ba…");
        assert_eq!(cut("Acme Bakery", 8, false), "Acme ...");
        assert_eq!(cut("東京東京", 6, true), "東京…");
        assert_eq!(cut("Cafe\u{301} Noir", 6, true), "Cafe\u{301} …");
    }

    #[test]
    fn the_width_of_a_number_is_that_of_its_digits() {
        let terminal =
            Terminal { is_there: false, width: None, height: None, color: false, unicode: true, can_redraw: false };
        let reader = Reader { terminal, now: None, is_headless: false };
        for number in [0, 1, -1, 9, 10, -10, 99_999, 100_000, i128::from(u64::MAX), i128::from(u64::MAX) + 1, i128::MIN]
        {
            let value = Value::Integer(number);
            assert_eq!(width_of(&value, reader), shown(&value, reader).len(), "{number}");
        }
        assert_eq!(width_of(&Value::Id(1_001), reader), 4);
    }

    #[test]
    fn a_bar_is_full_at_all_of_it() {
        assert_eq!(
            (bar(0, true), bar(94, false), bar(250, false)),
            ("░░░░░░░░░░".to_owned(), "#########.".to_owned(), "##########".to_owned())
        );
    }
}
