//! Text of a table, from its bytes: UTF-8, with or without a byte order mark.

use super::cell::At;

/// What some programs put in front of a text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What a text in UTF-16 begins with.
const UTF_16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// What to do with a text of another encoding.
const SAVE_AS: &str = "save the file as UTF-8: a spreadsheet calls it \"CSV UTF-8\"";

/// Why bytes are no text: where, what is wrong, and what to do.
pub(super) type NoText = (At, String, String);

/// Returns the text of a table.
pub(super) fn text(bytes: &[u8]) -> Result<&str, NoText> {
    if UTF_16.iter().any(|mark| bytes.starts_with(mark)) {
        return Err((At { line: 1, column: 1 }, "the file is UTF-16".to_owned(), SAVE_AS.to_owned()));
    }
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    str::from_utf8(bytes).map_err(|error| {
        let (valid, rest) = bytes.split_at(error.valid_up_to());
        let before = String::from_utf8_lossy(valid);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let byte = rest.first().copied().unwrap_or_default();
        (At { line, column }, format!("the byte 0x{byte:02x} is no UTF-8"), SAVE_AS.to_owned())
    })
}
