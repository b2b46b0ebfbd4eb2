//! Line format of a record: JSON whose last field is a checksum of everything before it.

use serde::{Deserialize, Serialize};

use super::record::Record;

/// Mark between a record and its checksum, eight hexadecimal digits.
const MARK: &str = ",\"crc32\":\"";

/// End of a line, after the checksum.
const END: &str = "\"}";

/// A line without its checksum. The number of the line shows that none is missing.
#[derive(Serialize, Deserialize)]
struct Line<R> {
    line: u64,
    record: R,
}

/// Writes a record as the line of this number, from 1, with its end.
pub(super) fn encode(number: u64, record: &Record) -> Result<Vec<u8>, serde_json::Error> {
    let mut line = serde_json::to_vec(&Line { line: number, record })?;
    // The object stays open for one more field.
    line.pop();
    let sum = crc32fast::hash(&line);
    line.extend_from_slice(format!("{MARK}{sum:08x}{END}\n").as_bytes());
    Ok(line)
}

/// Contents of a file of records.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) records: Vec<Record>,
    /// How many bytes the whole records take. What comes after them is the torn beginning of another.
    pub(super) whole: usize,
    /// Whether the last whole record lacks nothing but the end of its line.
    pub(super) lacks_end: bool,
}

/// A line that is no record, from 1, and why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Damage {
    pub(super) line: u64,
    pub(super) reason: String,
}

/// Reads the records of a file.
///
/// The last line may be torn, because its writer died: it has no end, or blocks of zeros that never reached the disk. Such a
/// record was not acknowledged, so nothing was done on the strength of it. Any other line that cannot be read is damage.
pub(super) fn read(bytes: &[u8]) -> Result<Contents, Damage> {
    let mut contents = Contents::default();
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').zip(1..).peekable();
    while let Some((line, number)) = lines.next() {
        let text = line.strip_suffix(b"\n");
        let is_last = lines.peek().is_none();
        match decode(number, text.unwrap_or(line)) {
            Ok(record) => {
                contents.records.push(record);
                contents.whole += line.len();
                contents.lacks_end = text.is_none();
            }
            Err(Unreadable::Bytes(_)) if is_last && (text.is_none() || line.contains(&0)) => {}
            Err(Unreadable::Bytes(reason) | Unreadable::Meaning(reason)) => {
                return Err(Damage { line: number, reason });
            }
        }
    }
    Ok(contents)
}

/// Reason why a line is no record.
enum Unreadable {
    /// Its bytes are not those that were written.
    Bytes(String),
    /// It is whole, and means nothing here: a later version wrote it, or it belongs to another place. It is never torn.
    Meaning(String),
}

fn decode(number: u64, line: &[u8]) -> Result<Record, Unreadable> {
    let (body, sum) = split(line).ok_or_else(|| Unreadable::Bytes("it has no checksum".to_owned()))?;
    if format!("{:08x}", crc32fast::hash(body)).as_bytes() != sum {
        return Err(Unreadable::Bytes("its checksum is wrong".to_owned()));
    }
    let Line { line: written, record } = serde_json::from_slice(line).map_err(|error| {
        Unreadable::Meaning(format!(
            "it is whole, so that a later version of this program may have written it: {error}"
        ))
    })?;
    if written == number { Ok(record) } else { Err(Unreadable::Meaning(format!("it was written as line {written}"))) }
}

/// Splits a line into what the checksum covers, and the checksum.
fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = line.strip_suffix(END.as_bytes())?;
    let (rest, sum) = rest.split_at_checked(rest.len().checked_sub(8)?)?;
    Some((rest.strip_suffix(MARK.as_bytes())?, sum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::journal::ledger::Ledger;
    use crate::write::journal::samples::{self, outcome};

    fn intent(name: &str) -> Record {
        Ledger::default().record(&samples::intent(name))
    }

    fn file(records: &[Record]) -> Vec<u8> {
        records.iter().zip(1..).flat_map(|(record, number)| encode(number, record).unwrap()).collect()
    }

    #[test]
    fn a_line_is_json_and_reads_as_it_was_written() {
        let records = [intent("Panadería \"Sol\"\n"), outcome(124)];
        let bytes = file(&records);
        for line in std::str::from_utf8(&bytes).unwrap().lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
        let contents = read(&bytes).unwrap();
        assert_eq!(contents.records, records);
        assert_eq!((contents.whole, contents.lacks_end), (bytes.len(), false));
    }

    #[test]
    fn a_last_record_cut_at_any_byte_is_torn_and_the_others_stay() {
        let records = [intent("Sol"), outcome(124)];
        let first = file(&records[..1]).len();
        let bytes = file(&records);
        for end in first..bytes.len() - 1 {
            let contents = read(&bytes[..end]).unwrap();
            assert_eq!(contents.records, records[..1], "cut at {end}");
            assert_eq!(contents.whole, first);
        }
        let contents = read(&bytes[..bytes.len() - 1]).unwrap();
        assert_eq!((contents.records.len(), contents.lacks_end), (2, true), "only the end of the line is missing");
    }

    #[test]
    fn blocks_that_never_reached_the_disk_are_torn_too() {
        let mut bytes = file(&[intent("Sol"), outcome(124)]);
        let end = bytes.len();
        bytes[end - 40..end - 8].fill(0);
        assert_eq!(read(&bytes).unwrap().records.len(), 1);
    }

    #[test]
    fn a_flipped_bit_anywhere_is_damage_of_that_line() {
        let records = [intent("Sol"), outcome(124), intent("Mar")];
        let bytes = file(&records);
        let first = file(&records[..1]).len();
        for place in first..file(&records[..2]).len() - 1 {
            for bit in 0..8 {
                let mut bytes = bytes.clone();
                bytes[place] ^= 1 << bit;
                let damage = read(&bytes).unwrap_err();
                assert_eq!(damage.line, 2, "bit {bit} of byte {place}: {damage:?}");
            }
        }
    }

    #[test]
    fn a_whole_record_of_a_later_version_is_never_torn() {
        let mut bytes = file(&[intent("Sol")]);
        let body =
            br#"{"line":2,"record":{"outcome":{"intent":"00","at":1,"outcome":{"located":{"organizationId":7}}}}"#;
        bytes.extend_from_slice(body);
        bytes.extend_from_slice(format!("{MARK}{:08x}{END}", crc32fast::hash(body)).as_bytes());
        let damage = read(&bytes).unwrap_err();
        assert_eq!(damage.line, 2);
        assert!(damage.reason.contains("later version"), "{damage:?}");
    }

    #[test]
    fn a_missing_or_repeated_line_is_damage() {
        let records = [intent("Sol"), outcome(124), outcome(125)];
        let bytes = file(&records);
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let damage = read(&[lines[0], lines[2]].concat()).unwrap_err();
        assert_eq!(damage, Damage { line: 2, reason: "it was written as line 3".to_owned() });
        assert_eq!(read(&[lines[0], lines[0]].concat()).unwrap_err().line, 2);
    }
}
