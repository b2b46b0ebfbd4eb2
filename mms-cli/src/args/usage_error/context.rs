//! What clap says about a mistake: argument, value and command, as they were typed.

use clap::error::{ContextKind, ContextValue};

/// Returns the command that the usage in an error is of, such as `mms child`.
pub(super) fn command_of(error: &clap::Error) -> String {
    let usage = texts(error, ContextKind::Usage).concat();
    let command = usage.split_whitespace().skip(1).take_while(|word| !word.starts_with(['-', '[', '<']));
    command.collect::<Vec<_>>().join(" ")
}

/// Returns the same command without the name of the program: nothing for the top.
pub(super) fn noun_of(error: &clap::Error) -> String {
    let command = command_of(error);
    command.strip_prefix("mms").unwrap_or(&command).trim().to_owned()
}

/// Returns the word that clap did not expect.
pub(super) fn unexpected(error: &clap::Error) -> String {
    [ContextKind::InvalidArg, ContextKind::InvalidSubcommand].map(|kind| texts(error, kind).concat()).concat()
}

/// Names the argument as it is typed, without what stands for its value: `--credits`, or `CREDITS` where it has no flag.
pub(super) fn argument(error: &clap::Error) -> String {
    flag(&texts(error, ContextKind::InvalidArg).concat())
}

/// Names the arguments of a kind of context as they are typed.
pub(super) fn flags(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    texts(error, kind).iter().map(|text| flag(text)).collect()
}

fn flag(argument: &str) -> String {
    match argument.split([' ', '[', '.']).next() {
        Some(flag) if flag.starts_with("--") => flag.to_owned(),
        _ => argument.trim_matches(['<', '>', '[', ']']).to_owned(),
    }
}

/// Returns the texts of a kind of context.
pub(super) fn texts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}
