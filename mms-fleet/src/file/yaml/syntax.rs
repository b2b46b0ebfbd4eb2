//! Syntax errors of YAML in the words of a reader of the file.

/// Returns what is wrong and what to do about it, for an error of the parser and the line that it is in.
pub(super) fn explained(info: &str, line: &str) -> (String, &'static str) {
    if info.contains("recursion") {
        return ("there are too many levels".to_owned(), "a fleet has at most five: write it flat");
    }
    let message = format!("this is no YAML: {}", info.trim_start_matches("while parsing node, "));
    let indent = &line[..line.len() - line.trim_start().len()];
    let help = if indent.contains('\t') || info.contains("tab") {
        "indent with spaces; YAML takes no tabs"
    } else if info.contains("anchor") {
        "define it with & and the same name further up, or write the value itself"
    } else if info.contains("quote") || info.contains("quoted scalar") {
        "close the quotation mark"
    } else if info.contains("flow") || info.contains("bracket") {
        "close every { and [, and put commas between the values"
    } else if info.contains("mapping values are not allowed") || info.contains("simple key") {
        "write a text with a colon in quotes, and give keys of one level the same indentation"
    } else if info.contains("reserved") || info.contains("cannot start") || info.contains('`') {
        "write a text that begins with a special character in quotes"
    } else {
        "check indentation, colons and quotes from the line above on"
    };
    (message, help)
}
