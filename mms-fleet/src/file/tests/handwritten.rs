//! Fleet files as people write them: any order, indentation, quotes, braces, comments, anchors and line ends.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// Names of which no two read the same, some of which YAML takes for something else.
const NAMES: [&str; 20] = [
    "Acme Bakery",
    "NO",
    "123",
    "O'Neil (Sons) + Co.",
    "A, B",
    "- dash",
    "* star",
    "@at",
    "null",
    "true",
    "1e4",
    "2026-12-31",
    "Café 語",
    "x_y/z",
    "Client 2",
    "Client 10",
    "'quoted'",
    "a",
    "...",
    "...dots",
];

/// An entry of a file that somebody wrote.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) name: &'static str,
    pub(super) id: Option<u64>,
    credits: Option<u64>,
    label: Option<&'static str>,
    style: Style,
    quote: Quote,
    above: Vec<&'static str>,
    beside: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// In lines, so far further in.
    Block(usize),
    Braces,
    WideBraces,
    SplitBraces,
    /// In lines, with an anchor that nothing repeats.
    Anchored,
}

#[derive(Debug, Clone, Copy)]
enum Quote {
    None,
    Single,
    Double,
}

/// A whole file.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is drawn by itself")]
pub(super) struct Handwritten {
    pub(super) entries: Vec<Written>,
    is_flow: bool,
    is_windows: bool,
    has_mark: bool,
    ends: bool,
    indentation: usize,
    /// How many of the other keys come before `children`.
    before: usize,
    defaults: bool,
    after: Vec<&'static str>,
}

pub(super) fn handwritten() -> impl Strategy<Value = Handwritten> {
    let names = proptest::sample::subsequence(NAMES.to_vec(), 0..8).prop_shuffle();
    let shape = (prop::bool::weighted(0.25), any::<[bool; 4]>(), 1..5_usize, 0..4_usize, comments());
    (names, vec(details(), 8), shape).prop_map(|(names, details, (is_flow, flags, indentation, before, after))| {
        let written = names.into_iter().zip(details).enumerate();
        let entries = written.map(|(index, (name, (id, credits, label, style, quote, above, beside)))| {
            let id = id.then_some(index as u64 + 100);
            Written { name, id, credits, label, style, quote, above, beside }
        });
        let [is_windows, has_mark, ends, defaults] = flags;
        Handwritten {
            entries: entries.collect(),
            is_flow,
            is_windows,
            has_mark,
            ends,
            indentation,
            before,
            defaults,
            after,
        }
    })
}

type Details = (bool, Option<u64>, Option<&'static str>, Style, Quote, Vec<&'static str>, &'static str);

fn details() -> impl Strategy<Value = Details> {
    let style = prop_oneof![
        4 => (1..5_usize).prop_map(Style::Block),
        2 => Just(Style::Braces),
        1 => Just(Style::WideBraces),
        1 => Just(Style::SplitBraces),
        1 => Just(Style::Anchored),
    ];
    let quote = prop_oneof![Just(Quote::None), Just(Quote::Single), Just(Quote::Double)];
    let credits = option::of((1..20_u64).prop_map(|tens| tens * 10_000));
    let label = option::of(prop::sample::select(vec!["gold", "\"#1\"", "'a: b'", "no"]));
    let beside = prop::sample::select(vec!["", " # ours", "  ## {not: a} \"map", "   "]);
    (any::<bool>(), credits, label, style, quote, comments(), beside)
}

fn comments() -> impl Strategy<Value = Vec<&'static str>> {
    let comment =
        prop::sample::select(vec!["", "# a comment", "#id: 5", "# {id: 5}", "   # further in", "# it's \"quoted"]);
    vec(comment, 0..3)
}

impl Handwritten {
    /// Returns the text.
    pub(super) fn text(&self) -> String {
        let defaults = "defaults: {labels: [all], minimum: 10000} # for all";
        let head = ["format: 1", "# who it is for\norganization: 11", if self.defaults { defaults } else { "# none" }];
        let mut lines: Vec<String> = head[..self.before.min(3)].iter().map(|line| (*line).to_owned()).collect();
        lines.push(if self.is_flow { self.flow() } else { self.block() });
        lines.extend(head[self.before.min(3)..].iter().map(|line| (*line).to_owned()));
        lines.extend(self.after.iter().map(|line| (*line).to_owned()));
        let mut text = lines.join("\n");
        if self.ends {
            text.push('\n');
        }
        if self.is_windows {
            text = text.replace('\n', "\r\n");
        }
        if self.has_mark {
            text.insert(0, '\u{feff}');
        }
        text
    }

    /// Says whether nothing is written in one line with others, so that lines stay.
    pub(super) fn is_in_lines(&self) -> bool {
        !self.is_flow && self.entries.iter().all(|entry| matches!(entry.style, Style::Block(_) | Style::Anchored))
    }

    fn block(&self) -> String {
        let outer = " ".repeat(self.indentation);
        let mut lines = vec!["children: # all of them".to_owned()];
        for entry in &self.entries {
            lines.extend(entry.above.iter().map(|comment| format!("{outer}{comment}").trim_end().to_owned()));
            let Written { beside, .. } = entry;
            let (key, pairs) = (entry.key(), entry.pairs());
            match entry.style {
                Style::Block(_) | Style::Anchored if pairs.is_empty() => lines.push(format!("{outer}{key}:{beside}")),
                Style::Block(step) => {
                    lines.push(format!("{outer}{key}:{beside}"));
                    lines.extend(pairs.iter().map(|pair| format!("{outer}{}{pair}{beside}", " ".repeat(step))));
                }
                Style::Anchored => {
                    lines.push(format!("{outer}{key}: &a{}{beside}", entry.id.unwrap_or(0)));
                    lines.extend(pairs.iter().map(|pair| format!("{outer}  {pair}")));
                }
                Style::Braces => lines.push(format!("{outer}{key}: {{{}}}{beside}", pairs.join(", "))),
                Style::WideBraces => lines.push(format!("{outer}{key}:   {{ {} }}{beside}", pairs.join(" , "))),
                Style::SplitBraces => {
                    let pairs = pairs.join(&format!(",\n{outer}    "));
                    lines.push(format!("{outer}{key}: {{ # in lines\n{outer}    {pairs}\n{outer}  }}{beside}"));
                }
            }
        }
        lines.join("\n")
    }

    fn flow(&self) -> String {
        let entries = self.entries.iter().map(|entry| match (entry.style, entry.pairs()) {
            (Style::Block(1), pairs) if pairs.is_empty() => entry.key(),
            (Style::Block(_), pairs) if pairs.is_empty() => format!("{}: ", entry.key()),
            (_, pairs) => format!("{}: {{{}}}", entry.key(), pairs.join(", ")),
        });
        let entries: Vec<String> = entries.collect();
        match self.indentation {
            1 => format!("children: {{{}}}", entries.join(", ")),
            2 if !entries.is_empty() => format!("children: {{ {}, }}", entries.join(" , ")),
            _ if entries.is_empty() => "children: {}".to_owned(),
            _ => format!("children: {{\n  {} # last\n  }}", entries.join(",\n  ")),
        }
    }
}

impl Written {
    fn key(&self) -> String {
        let single = format!("'{}'", self.name.replace('\'', "''"));
        match self.quote {
            Quote::Double => format!("\"{}\"", self.name),
            Quote::None if self.name.starts_with(|first: char| first.is_alphanumeric()) && !self.name.contains(',') => {
                self.name.to_owned()
            }
            _ => single,
        }
    }

    fn pairs(&self) -> Vec<String> {
        let id = self.id.map(|id| format!("id: {id}"));
        let credits = self.credits.map(|credits| format!("credits: {credits}"));
        let label = self.label.map(|label| format!("labels: [{label}]"));
        [credits, id, label].into_iter().flatten().collect()
    }
}
