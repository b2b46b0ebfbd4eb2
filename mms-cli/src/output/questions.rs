//! Questions before a write.

use std::io::{self, BufRead, IsTerminal};
use std::thread;

#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::sync::oneshot;

use super::failure::Failure;
use super::plan::Plan;
use super::printer::Printer;
use crate::signals::EndSignals;

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

    /// The same, but for a dry run, which asks nobody.
    pub(crate) fn unless_dry(yes: bool, dry_run: bool) -> Result<Self, Failure> {
        if dry_run { Ok(Self { yes: true }) } else { Self::new(yes) }
    }

    /// Says whether a person is asked, who takes time.
    pub(crate) const fn was_asked(self) -> bool {
        !self.yes
    }

    /// Shows the plan, before anything is asked about it. Returns whether it is shown: not where nobody is asked and `--quiet` is
    /// given.
    pub(crate) fn show(self, printer: &Printer, plan: &Plan) -> bool {
        printer.plan(plan, !self.yes)
    }

    /// Asks for the write itself.
    pub(crate) async fn confirm(self, printer: &Printer, question: &str) -> Result<(), Failure> {
        if self.yes { Ok(()) } else { ask(printer, question).await }
    }

    /// Asks about a risk that `--yes` does not cover; with `--yes` it fails with `refusal`.
    pub(crate) async fn accept(self, printer: &Printer, question: &str, refusal: Failure) -> Result<(), Failure> {
        if self.yes { Err(refusal) } else { ask(printer, question).await }
    }
}

async fn ask(printer: &Printer, question: &str) -> Result<(), Failure> {
    match answered(printer, || printer.ask(question), || read_answer(&mut io::stdin().lock())).await? {
        Answer::Yes => Ok(()),
        Answer::No => Err(Failure::failed("not confirmed: nothing was done")),
        Answer::End => {
            printer.end_line();
            Err(Failure::failed("not confirmed: nothing was done"))
        }
    }
}

/// Asks for a line of text.
pub(crate) async fn line(printer: &Printer, prompt: &str) -> Result<String, Failure> {
    let read = || {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map(|_| line)
    };
    Ok(answered(printer, || printer.prompt(prompt), read).await?.trim().to_owned())
}

/// Asks for a secret, which the terminal does not show: it is told so before the prompt, since a person may be fast.
#[cfg(unix)]
pub(crate) async fn secret(printer: &Printer, prompt: &str) -> Result<String, Failure> {
    let echo = Echo::off()?;
    let read = line(printer, prompt).await;
    // Whoever was interrupted would have a terminal that shows nothing.
    echo.restore();
    if read.is_ok() {
        printer.end_line();
    }
    read
}

/// Asks for a secret, which the console does not show.
#[cfg(not(unix))]
pub(crate) async fn secret(printer: &Printer, prompt: &str) -> Result<String, Failure> {
    Ok(answered(printer, || printer.prompt(prompt), rpassword::read_password).await?.trim().to_owned())
}

/// Terminal that does not show what is typed, with its state from before.
#[cfg(unix)]
struct Echo(Termios);

#[cfg(unix)]
impl Echo {
    fn off() -> Result<Self, Failure> {
        let failed = |error| Failure::failed(format!("the terminal cannot be told not to show the token: {error}"));
        let before = tcgetattr(io::stdin()).map_err(failed)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Now, &silent).map_err(failed)?;
        Ok(Self(before))
    }

    fn restore(self) {
        // A terminal that is gone has nothing to restore.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}

/// Prompts, and reads an answer on a thread of its own: one that waits for a person would keep the runtime from ending.
async fn answered<T: Send + 'static>(
    printer: &Printer,
    prompt: impl FnOnce(),
    read: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    // Watched before the prompt, for a person may be fast.
    let mut signals = EndSignals::watch()?;
    prompt();
    let (sender, answer) = oneshot::channel();
    thread::spawn(move || sender.send(read()));
    tokio::select! {
        biased;
        () = signals.wait() => {
            printer.end_line();
            Err(Failure::interrupted("interrupted: nothing was done"))
        }
        answer = answer => {
            let answer = answer.unwrap_or_else(|_| Err(io::ErrorKind::UnexpectedEof.into()));
            answer.map_err(|error| Failure::failed(format!("no answer can be read, nothing was sent: {error}")))
        }
    }
}

/// Answer to a question.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    /// The input ended without one, which means no.
    End,
}

/// Reads one line.
fn read_answer(input: &mut impl BufRead) -> io::Result<Answer> {
    let mut line = String::new();
    Ok(match (input.read_line(&mut line)?, line.trim().to_ascii_lowercase().as_str()) {
        (0, _) => Answer::End,
        (_, "y" | "yes") => Answer::Yes,
        _ => Answer::No,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_y_and_yes_mean_yes() {
        use Answer::{End, No, Yes};

        for (line, answer) in
            [("y\n", Yes), ("YES\r\n", Yes), ("n\n", No), ("\n", No), ("", End), ("yesterday\n", No), ("y", Yes)]
        {
            assert_eq!(read_answer(&mut line.as_bytes()).unwrap(), answer, "{line:?}");
        }
    }
}
