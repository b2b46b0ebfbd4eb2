//! Invocation of this command: the flags with which a hint names another command that reaches the same server.

/// Flags that say which server and distributor a command speaks to, and where it keeps its state. What the environment says
/// holds for the next command anyway.
#[derive(Debug, Clone, Default)]
pub(crate) struct Invocation {
    /// The flag that names the profile.
    profile: Option<String>,
    flags: Vec<String>,
}

impl Invocation {
    /// Takes the flags that were given, each as a shell reads it: that of the profile, and the others.
    pub(crate) const fn new(profile: Option<String>, flags: Vec<String>) -> Self {
        Self { profile, flags }
    }

    /// Returns another command with the same flags, in backticks: `words` are its name and arguments.
    pub(crate) fn command(&self, words: &str) -> String {
        Self::line(self.profile.iter().chain(&self.flags), words)
    }

    /// Returns a command about the same profile, in backticks, without the flags that go before what the profile says.
    pub(crate) fn profile_command(&self, words: &str) -> String {
        Self::line(self.profile.iter(), words)
    }

    fn line<'a>(flags: impl Iterator<Item = &'a String>, words: &'a str) -> String {
        let line: Vec<_> = std::iter::once("mms").chain(flags.map(String::as_str)).chain([words]).collect();
        format!("`{}`", line.join(" "))
    }

    /// Returns a text whose commands in backticks, such as "`mms pool` shows it", have the same flags. What begins with a flag
    /// of its own stays as it is.
    pub(crate) fn in_text(&self, text: &str) -> String {
        let piece = |(index, piece): (usize, &str)| match piece.strip_prefix("mms ") {
            Some(words) if index % 2 == 1 && !words.starts_with('-') => self.command(words),
            _ if index % 2 == 1 => format!("`{piece}`"),
            _ => piece.to_owned(),
        };
        text.split('`').enumerate().map(piece).collect()
    }
}
