//! Terminal behind an output stream: its width, and whether it shows colour and characters beyond ASCII.

use std::env;
use std::io::{self, IsTerminal};

use super::format::Color;

/// What an output stream can show.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own")]
pub(crate) struct Terminal {
    /// Whether a person looks at it.
    pub(crate) is_there: bool,
    /// Its width in cells, if it is a terminal: `COLUMNS`, or what the terminal says.
    pub(crate) width: Option<usize>,
    /// Its height in lines, if it is a terminal: `LINES`, or what the terminal says.
    pub(crate) height: Option<usize>,
    /// Whether to use colour.
    pub(crate) color: bool,
    /// Whether signs such as `…` can be shown: not in the locale C.
    pub(crate) unicode: bool,
    /// Whether the cursor can be moved: not on a dumb terminal.
    pub(crate) can_redraw: bool,
}

impl Terminal {
    /// Looks at standard output.
    pub(crate) fn stdout(color: Color) -> Self {
        Self::of(io::stdout().is_terminal(), color)
    }

    /// Looks at standard error.
    pub(crate) fn stderr(color: Color) -> Self {
        Self::of(io::stderr().is_terminal(), color)
    }

    fn of(is_terminal: bool, color: Color) -> Self {
        let variables = Variables::read();
        let size = if is_terminal { terminal_size::terminal_size() } else { None };
        let said = |variable: Option<usize>, measured: Option<u16>| {
            let known = variable.or_else(|| measured.map(usize::from));
            known.filter(|cells| is_terminal && *cells > 0)
        };
        Self {
            is_there: is_terminal,
            width: said(variables.columns, size.map(|(width, _)| width.0)),
            height: said(variables.lines, size.map(|(_, height)| height.0)),
            color: variables.is_colored(color, is_terminal),
            unicode: variables.is_unicode(),
            can_redraw: is_terminal && !variables.is_dumb,
        }
    }
}

/// Environment variables that say what to show.
#[derive(Debug, Clone, Default)]
struct Variables {
    no_color: bool,
    force_color: bool,
    is_dumb: bool,
    columns: Option<usize>,
    lines: Option<usize>,
    locale: Option<String>,
}

impl Variables {
    fn read() -> Self {
        let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            no_color: env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            force_color: variable("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            is_dumb: variable("TERM").is_some_and(|value| value == "dumb"),
            columns: variable("COLUMNS").and_then(|value| value.parse().ok()),
            lines: variable("LINES").and_then(|value| value.parse().ok()),
            locale: ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable),
        }
    }

    /// Decides about colour: the flag, then `NO_COLOR`, then `CLICOLOR_FORCE`, then whether a terminal is there that has some.
    const fn is_colored(&self, color: Color, is_terminal: bool) -> bool {
        match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => !self.no_color && (self.force_color || (is_terminal && !self.is_dumb)),
        }
    }

    /// Says whether the locale has more than ASCII. Where none is named, as in a container, it is taken to have.
    fn is_unicode(&self) -> bool {
        self.locale.as_deref().is_none_or(|locale| !matches!(locale, "C" | "POSIX"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_for_terminals_and_can_be_refused_or_asked_for() {
        let plain = Variables::default();
        assert!(plain.is_colored(Color::Auto, true) && !plain.is_colored(Color::Auto, false));
        assert!(plain.is_colored(Color::Always, false) && !plain.is_colored(Color::Never, true));

        let dumb = Variables { is_dumb: true, ..Variables::default() };
        assert!(!dumb.is_colored(Color::Auto, true) && dumb.is_colored(Color::Always, true));
        let forced = Variables { force_color: true, ..dumb };
        assert!(forced.is_colored(Color::Auto, false));
        let refused = Variables { no_color: true, ..forced };
        assert!(!refused.is_colored(Color::Auto, true) && refused.is_colored(Color::Always, true));
    }

    #[test]
    fn the_locale_c_has_no_more_than_ascii() {
        let locale = |locale: &str| Variables { locale: Some(locale.to_owned()), ..Variables::default() };
        assert!(!locale("C").is_unicode() && !locale("POSIX").is_unicode());
        assert!(locale("C.UTF-8").is_unicode() && locale("en_US.UTF-8").is_unicode());
        assert!(Variables::default().is_unicode());
    }
}
