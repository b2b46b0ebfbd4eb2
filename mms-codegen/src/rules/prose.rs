//! Rules for prose: a description becomes a doc comment of the generated client.

use super::Checker;
use crate::document::node::{Node, NodeKind};

/// The languages that a code block may have: rustdoc compiles none of them.
const LANGUAGES: [&str; 6] = ["csv", "http", "json", "sh", "text", "yaml"];

impl Checker<'_> {
    pub(super) fn prose(&mut self, node: &Node<'_>) {
        if matches!(node.kind, NodeKind::Example | NodeKind::Components | NodeKind::Document) {
            return;
        }
        let texts = ["title", "summary", "description", "termsOfService"].map(|key| node.value[key].as_str());
        if texts.into_iter().flatten().any(may_be_a_doctest) {
            let message =
                "code in a description becomes a failing doctest: fence it with ```text, not indented or quoted";
            self.report(&node.location(), message);
        }
    }
}

/// Says whether a text may have a code block that rustdoc compiles.
///
/// It finds more than a reader of Markdown would call code, so that nothing needs to be read as Markdown: every fence but
/// the plain one with a language of the list, and every line outside of them that starts with four spaces or a tab, behind
/// the marks of quotes and lists too.
fn may_be_a_doctest(text: &str) -> bool {
    let mut open = false;
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(rest) if open && rest.trim().is_empty() => open = false,
            Some(language) if !open && LANGUAGES.contains(&language.trim()) => open = true,
            _ if line.contains("```") || line.contains("~~~") => return true,
            _ if !open && is_indented(line) => return true,
            _ => {}
        }
    }
    open
}

fn is_indented(line: &str) -> bool {
    let mut rest = line;
    let mut most = 3;
    loop {
        let text = rest.trim_start();
        let indent = &rest[..rest.len() - text.len()];
        if text.is_empty() {
            return false;
        }
        if indent.len() > most || indent.contains('\t') {
            return true;
        }
        let number = text.trim_start_matches(|character: char| character.is_ascii_digit());
        let after = text.strip_prefix(['>', '-', '*', '+']).or_else(|| number.strip_prefix(['.', ')']));
        let Some(after) = after else { return false };
        // One space belongs to the mark.
        (rest, most) = (after, 4);
    }
}

#[cfg(test)]
mod tests {
    use super::may_be_a_doctest;

    #[test]
    fn a_fence_with_a_language_that_is_not_rust_is_prose() {
        for text in [
            "```text\na\n```\n```json\n    b\n```",
            "An `inline` piece.\n\n- a\n  - b\n   still b\n\n> quoted\n\n1. one",
            "**Bold** and 3 - 2 spaces.\n   three",
            "- a\n\n    ",
        ] {
            assert!(!may_be_a_doctest(text), "{text}");
        }
    }

    #[test]
    fn whatever_may_be_compiled_is_found() {
        for text in [
            "```\ncode\n```",
            "```rust\ncode\n```",
            "```no_run\ncode\n```",
            "```should_panic\ncode\n```",
            "```text,rust\ncode\n```",
            "```text\na\n```\n```\nb\n```",
            "```text\nnever closed",
            "````text\n```\ncode\n```\n````",
            "~~~\ncode\n~~~",
            "  ```\n  code\n  ```",
            "> ```\n> code\n> ```",
            "- ```\n  code\n  ```",
            "Text.\n\n    code",
            "Text.\n\n\tcode",
            ">     code",
            "-      code",
            "1.      code",
        ] {
            assert!(may_be_a_doctest(text), "{text}");
        }
    }
}
