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

/// Ways to write that there are no children.
const CHILDLESS: [&str; 8] = [
    "children: # all of them",
    "children:",
    "children: {}",
    "'children': ~ # none",
    "children: # {none}\n  {}",
    "children: # none\n  ~",
    "children: { # none\n  }",
    "# none",
];

/// An entry of a file that somebody wrote.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) name: &'static str,
    number: usize,
    pub(super) id: Option<u64>,
    values: Values,
    style: Style,
    quote: Quote,
    above: Vec<&'static str>,
    beside: &'static str,
}

/// What an entry asks for.
#[derive(Debug, Clone, Default)]
struct Values {
    credits: Option<u64>,
    label: Option<&'static str>,
    /// What is written for the id as long as there is none.
    placeholder: Option<&'static str>,
    external_id: Option<Quote>,
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
    /// What is written for `children` where there are none.
    childless: &'static str,
    is_flow: bool,
    /// Whether the whole file is in braces.
    is_in_braces: bool,
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
    let shape = (any::<[bool; 4]>(), 1..5_usize, 0..4_usize, comments());
    let braces = prop_oneof![3 => Just([false, false]), 1 => any::<bool>().prop_map(|is_whole| [true, is_whole])];
    let drawn = (names, vec(details(), 8), shape, braces, prop::sample::select(CHILDLESS.to_vec()));
    drawn.prop_map(|(names, details, (flags, indentation, before, after), [is_flow, is_in_braces], childless)| {
        let written = names.into_iter().zip(details).enumerate();
        let entries = written.map(|(number, (name, ((has_id, values), style, quote, above, beside)))| {
            let id = has_id.then_some(number as u64 + 100);
            Written { name, number, id, values, style, quote, above, beside }
        });
        let [is_windows, has_mark, ends, defaults] = flags;
        Handwritten {
            entries: entries.collect(),
            childless,
            is_flow,
            is_in_braces,
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

type Details = ((bool, Values), Style, Quote, Vec<&'static str>, &'static str);

fn details() -> impl Strategy<Value = Details> {
    let style = prop_oneof![
        4 => (1..5_usize).prop_map(Style::Block),
        2 => Just(Style::Braces),
        1 => Just(Style::WideBraces),
        1 => Just(Style::SplitBraces),
        1 => Just(Style::Anchored),
    ];
    let beside = prop::sample::select(vec!["", " # ours", "  ## {not: a} \"map", "   "]);
    let values = prop_oneof![1 => Just((false, Values::default())), 4 => (any::<bool>(), values())];
    (values, style, quote(), comments(), beside)
}

fn values() -> impl Strategy<Value = Values> {
    let credits = option::of((1..20_u64).prop_map(|tens| tens * 10_000));
    let label = option::of(prop::sample::select(vec!["gold", "\"#1\"", "'a: b'", "no"]));
    let placeholder = option::weighted(0.2, prop::sample::select(vec!["new", "'new'", "\"new\""]));
    let external_id = option::weighted(0.3, quote());
    (credits, label, placeholder, external_id).prop_map(|(credits, label, placeholder, external_id)| Values {
        credits,
        label,
        placeholder,
        external_id,
    })
}

fn quote() -> impl Strategy<Value = Quote> {
    prop_oneof![Just(Quote::None), Just(Quote::Single), Just(Quote::Double)]
}

fn comments() -> impl Strategy<Value = Vec<&'static str>> {
    let comment =
        prop::sample::select(vec!["", "# a comment", "#id: 5", "# {id: 5}", "   # further in", "# it's \"quoted"]);
    vec(comment, 0..3)
}

impl Handwritten {
    /// Returns the text.
    pub(super) fn text(&self) -> String {
        let defaults = if self.defaults { "defaults: {labels: [all], minimum: 10000} # for all" } else { "# none" };
        let mut parts =
            vec!["format: 1".to_owned(), "# who it is for\norganization: 11".to_owned(), defaults.to_owned()];
        parts.insert(self.before.min(3), self.children());
        let mut text = if self.is_in_braces {
            parts.retain(|part| part != "# none");
            format!("{{\n{} # last\n}}", parts.join("\n, "))
        } else {
            parts.join("\n")
        };
        for comment in &self.after {
            text.extend(["\n", comment]);
        }
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
        let is_childless = self.entries.is_empty() && self.childless.contains(['{', '~']);
        let is_block = |entry: &Written| matches!(entry.style, Style::Block(_) | Style::Anchored);
        !self.is_flow && !is_childless && self.entries.iter().all(is_block)
    }

    fn children(&self) -> String {
        match self.is_flow {
            _ if self.entries.is_empty() => self.childless.to_owned(),
            true => self.flow(),
            false => self.block(),
        }
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
            2 => format!("children: {{ {}, }}", entries.join(" , ")),
            3 => format!("children: {{\n  {} # last\n  }}", entries.join(",\n  ")),
            _ => {
                let lines = self.entries.iter().zip(&entries).map(|(entry, text)| {
                    let above: Vec<String> = entry.above.iter().map(|comment| format!("  {comment}\n")).collect();
                    format!("{}  {text}{}\n", above.concat(), entry.beside)
                });
                let lines: Vec<String> = lines.collect();
                format!("children: {{\n{}  }}", lines.join("  ,\n"))
            }
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
        let Values { credits, label, placeholder, external_id } = self.values.clone();
        let id = self.id.map(|id| id.to_string()).or(placeholder.map(str::to_owned)).map(|id| format!("id: {id}"));
        let credits = credits.map(|credits| format!("credits: {credits}"));
        let label = label.map(|label| format!("labels: [{label}]"));
        let external_id = external_id.map(|quote| match quote {
            Quote::None => format!("external_id: CRM-{}", self.number),
            Quote::Single => format!("external_id: 'it''s # {}'", self.number),
            Quote::Double => format!("external_id: \"crm \\\" # {}\"", self.number),
        });
        [credits, id, label, external_id].into_iter().flatten().collect()
    }
}
