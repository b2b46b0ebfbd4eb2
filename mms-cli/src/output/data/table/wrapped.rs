//! Wrapped text: lines that fit, broken between words where that is possible.

use unicode_width::UnicodeWidthChar;

use super::cell::width;

/// Breaks a text into lines of at most so many cells; a word that is longer is broken within.
pub(super) fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let gap = usize::from(used > 0);
        if used + gap + width(word) > most && used > 0 {
            lines.push(String::new());
            used = 0;
        } else if gap > 0 {
            push(&mut lines, ' ');
            used += 1;
        }
        for character in word.chars() {
            let next = character.width().unwrap_or_default();
            if used + next > most && used > 0 {
                lines.push(String::new());
                used = 0;
            }
            push(&mut lines, character);
            used += next;
        }
    }
    lines
}

fn push(lines: &mut [String], character: char) {
    if let Some(line) = lines.last_mut() {
        line.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_broken_between_words_and_a_longer_word_within() {
        assert_eq!(wrapped("somebody else changed it", 13), ["somebody else", "changed it"]);
        assert_eq!(wrapped("a abcdefgh", 4), ["a", "abcd", "efgh"]);
        assert_eq!(wrapped("東京東京", 4), ["東京", "東京"]);
        assert_eq!(wrapped("", 4), [""]);
    }
}
