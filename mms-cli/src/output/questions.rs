//! Questions before a write.

use std::io::{self, BufRead, IsTerminal};

use super::failure::Failure;
use super::plan::Plan;
use super::printer::Printer;

/// Confirmation of a write: by `--yes`, or by a person who can be asked. Without either no write is begun.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Confirmation {
    yes: bool,
}

impl Confirmation {
    /// Takes the answer from `--yes`, or else makes sure that there is someone to ask.
    pub(crate) fn new(yes: bool) -> Result<Self, Failure> {
        // A question is read on standard error and answered on standard input.
        let streams = [("standard input", io::stdin().is_terminal()), ("standard error", io::stderr().is_terminal())];
        match streams.iter().find(|(_, terminal)| !terminal) {
            Some((stream, _)) if !yes => Err(Failure::usage(format!("nobody to ask: {stream} is no terminal"))
                .hint("add --yes to do it without asking")),
            _ => Ok(Self { yes }),
        }
    }

    /// Says whether a person is asked, who takes time.
    pub(crate) const fn was_asked(self) -> bool {
        !self.yes
    }

    /// Shows the plan, before anything is asked about it.
    pub(crate) fn show(self, printer: &Printer, plan: &Plan) {
        printer.plan(plan, !self.yes);
    }

    /// Asks for the write itself.
    pub(crate) fn confirm(self, printer: &Printer, question: &str) -> Result<(), Failure> {
        if self.yes { Ok(()) } else { ask(printer, question) }
    }

    /// Asks about a risk that `--yes` does not cover; with `--yes` it fails with `refusal`.
    pub(crate) fn accept(self, printer: &Printer, question: &str, refusal: Failure) -> Result<(), Failure> {
        if self.yes { Err(refusal) } else { ask(printer, question) }
    }
}

fn ask(printer: &Printer, question: &str) -> Result<(), Failure> {
    printer.ask(question);
    match read_answer(&mut io::stdin().lock()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Failure::failed("not confirmed: nothing was done")),
        Err(error) => Err(Failure::failed(format!("no answer can be read, nothing was sent: {error}"))),
    }
}

/// Reads one line and says whether it means yes; the end of the input means no.
fn read_answer(input: &mut impl BufRead) -> io::Result<bool> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    Ok(matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_y_and_yes_mean_yes() {
        for (line, yes) in
            [("y\n", true), ("YES\r\n", true), ("n\n", false), ("\n", false), ("", false), ("yesterday\n", false)]
        {
            assert_eq!(read_answer(&mut line.as_bytes()).unwrap(), yes, "{line:?}");
        }
    }
}
