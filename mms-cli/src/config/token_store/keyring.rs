//! Keyring as the stores need it, and how a call of one is kept from holding a command up.

use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

/// Time to wait for a keyring.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// After which a person is told what the command waits for.
    pub(super) notice: Duration,
    /// After which it is given up: a keyring that is locked may wait for a person for ever.
    pub(super) all: Duration,
}

impl Patience {
    /// The usual one: the desktop may ask the person to unlock the keyring.
    pub(super) const USUAL: Self = Self { notice: Duration::from_secs(1), all: Duration::from_secs(30) };
}

/// Keyring with an entry for each token.
pub(super) trait Keyring: Send + Sync {
    /// Puts a token into an entry, which is made if it is not there.
    fn set(&self, entry: &str, token: &str) -> Result<(), Refusal>;

    /// Returns the token of an entry; nothing where there is no such entry.
    fn get(&self, entry: &str) -> Result<Option<String>, Refusal>;

    /// Removes an entry. Returns whether there was one.
    fn remove(&self, entry: &str) -> Result<bool, Refusal>;
}

/// Why a keyring did not do what it was asked to. It never holds a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal(String);

impl Refusal {
    /// Makes a refusal in the keyring's own words.
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Calls a keyring, and waits for its answer.
pub(super) async fn call<T: Send + 'static>(
    keyring: &Arc<dyn Keyring>,
    patience: Patience,
    tell: impl Fn(&str),
    call: impl FnOnce(&dyn Keyring) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let (sender, mut receiver) = oneshot::channel();
    let keyring = Arc::clone(keyring);
    // A thread of its own, for which neither the runtime nor the process waits at the end.
    thread::Builder::new()
        .name("keyring".to_owned())
        .spawn(move || drop(sender.send(call(keyring.as_ref()))))
        .map_err(|error| Refusal::new(format!("no thread can be started for it: {error}")))?;
    let before_notice = patience.notice.min(patience.all);
    let mut answer = timeout(before_notice, &mut receiver).await;
    let rest = patience.all.saturating_sub(before_notice);
    if answer.is_err() && !rest.is_zero() {
        let seconds = rest.as_secs_f64();
        tell(&format!("Waiting for the keyring, for up to {seconds} s: it may ask you to unlock it."));
        answer = timeout(rest, &mut receiver).await;
    }
    match answer {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(Refusal::new("the call of it ended without an answer")),
        Err(_) => Err(Refusal::new(format!("no answer within {} s, it may be locked", patience.all.as_secs_f64()))),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::config::token_store::fake::{Failing, InMemory};

    /// Has a notice after 5 ms.
    fn patience(milliseconds: u64) -> Patience {
        Patience { notice: Duration::from_millis(5), all: Duration::from_millis(milliseconds) }
    }

    async fn get(
        keyring: impl Keyring + 'static,
        patience: Patience,
    ) -> (Result<Option<String>, Refusal>, Vec<String>) {
        let told = RefCell::new(Vec::new());
        let keyring: Arc<dyn Keyring> = Arc::new(keyring);
        let tell = |text: &str| told.borrow_mut().push(text.to_owned());
        let answer = call(&keyring, patience, tell, |keyring| keyring.get("live")).await;
        (answer, told.into_inner())
    }

    #[tokio::test]
    async fn an_answer_is_handed_on_without_a_word() {
        let keyring = InMemory::default();
        keyring.set("live", "t0ken").unwrap();

        assert_eq!(get(keyring, Patience::USUAL).await, (Ok(Some("t0ken".to_owned())), vec![]));
        let refused = get(Failing::ABSENT, Patience::USUAL).await;
        assert_eq!(refused, (Err(Refusal::new("no bus")), vec![]));
    }

    #[tokio::test]
    async fn a_keyring_that_never_answers_holds_no_command_up() {
        let (answer, told) = get(Failing::LOCKED, patience(4)).await;

        assert_eq!(answer.unwrap_err().to_string(), "no answer within 0.004 s, it may be locked");
        assert!(told.is_empty(), "{told:?}");
    }

    #[tokio::test]
    async fn a_person_is_told_what_a_command_waits_for() {
        let (answer, told) = get(Failing::LOCKED, patience(30)).await;

        assert_eq!(answer.unwrap_err().to_string(), "no answer within 0.03 s, it may be locked");
        assert_eq!(told, ["Waiting for the keyring, for up to 0.025 s: it may ask you to unlock it."]);
    }

    #[tokio::test]
    async fn a_keyring_that_breaks_off_is_a_refusal() {
        let (answer, _) = get(Failing::BROKEN, Patience::USUAL).await;

        assert_eq!(answer.unwrap_err().to_string(), "the call of it ended without an answer");
    }
}
