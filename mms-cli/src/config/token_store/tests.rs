//! What is kept where, and what is told of it, over keyrings of every kind.

use std::cell::RefCell;
use std::time::Duration;

use tempfile::TempDir;

use super::fake::{Failing, InMemory};
use super::*;
use crate::output::failure::ExitCode;

const TOKEN: &str = "s3cr3t-0f-m4k3";

/// Stores of one person, and what they told.
struct World {
    stores: TokenStores,
    told: RefCell<Vec<String>>,
    directory: TempDir,
}

impl World {
    fn new(keyring: Option<Arc<dyn Keyring>>, patience: Patience) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let stores = TokenStores::new(directory.path().join("config.toml"), keyring, patience);
        Self { stores, told: RefCell::default(), directory }
    }

    fn with(keyring: impl Keyring + 'static) -> Self {
        Self::new(Some(Arc::new(keyring)), Patience::USUAL)
    }

    fn locked() -> Self {
        Self::new(Some(Arc::new(Failing::LOCKED)), Patience { all: Duration::from_millis(20), ..Patience::USUAL })
    }

    async fn keep(&self, choice: Option<TokenStore>) -> Result<Kept, Failure> {
        let kept = self.stores.keep(choice, "live", TOKEN, |text| self.tell(text)).await;
        let told = self.told.borrow().join(" ");
        assert!(!told.contains(TOKEN) && !format!("{kept:?}").contains(TOKEN), "{told} {kept:?}");
        kept
    }

    async fn read(&self, store: TokenStore) -> Result<String, Failure> {
        self.stores.read(store, "live", |text| self.tell(text)).await
    }

    async fn forget(&self, store: TokenStore) -> Result<bool, Failure> {
        self.stores.forget(store, "live", |text| self.tell(text)).await
    }

    fn tell(&self, text: &str) {
        self.told.borrow_mut().push(text.to_owned());
    }

    fn told(&self) -> String {
        let path = self.directory.path().display().to_string();
        self.told.borrow().join("\n").replace(&path, "DIR")
    }

    fn has_file(&self) -> bool {
        self.directory.path().join("tokens/live").exists()
    }
}

#[tokio::test]
async fn a_token_is_kept_in_the_keyring_and_read_back() {
    let world = World::with(InMemory::default());

    assert_eq!(world.keep(None).await.unwrap().store, TokenStore::Keyring);

    assert_eq!(world.read(TokenStore::Keyring).await.unwrap(), TOKEN);
    assert_eq!(world.told(), "The token is kept in the keyring.");
    assert!(!world.has_file());
}

#[tokio::test]
async fn without_a_keyring_a_token_is_kept_in_a_file_and_the_reason_is_told() {
    let world = World::with(Failing::ABSENT);

    assert_eq!(world.keep(None).await.unwrap().store, TokenStore::File);

    assert_eq!(world.read(TokenStore::File).await.unwrap(), TOKEN);
    assert_eq!(world.told(), "The token is kept in DIR/tokens/live, for you alone: no keyring answers here: no bus.");
}

#[tokio::test]
async fn a_keyring_that_stays_locked_leaves_the_token_to_the_file() {
    let world = World::locked();

    assert_eq!(world.keep(None).await.unwrap().store, TokenStore::File);

    assert_eq!(world.read(TokenStore::File).await.unwrap(), TOKEN);
    assert!(world.told().ends_with("no keyring answers here: no answer within 0.02 s, it may be locked."));
}

#[tokio::test]
async fn a_program_without_a_keyring_keeps_a_token_in_a_file_and_says_nothing() {
    let world = World::new(None, Patience::USUAL);

    assert_eq!(world.keep(None).await.unwrap().store, TokenStore::File);
    assert_eq!(world.told(), "");
    let refused = world.keep(Some(TokenStore::Keyring)).await.unwrap_err();
    assert_eq!(
        (refused.code(), refused.message()),
        (ExitCode::Usage, "--token-store keyring: this mms is built without it")
    );
    let unread = world.read(TokenStore::Keyring).await.unwrap_err();
    assert!(unread.message().ends_with("is in the keyring, and this mms is built without it"), "{unread:?}");
    assert!(unread.hint_line().unwrap().contains("`mms auth login --profile live` keeps a token in a file"));
}

#[tokio::test]
async fn a_store_that_is_asked_for_is_the_only_one_that_is_tried() {
    let world = World::with(InMemory::default());
    assert_eq!(world.keep(Some(TokenStore::File)).await.unwrap().store, TokenStore::File);
    assert_eq!((world.told().as_str(), world.read(TokenStore::Keyring).await.is_err()), ("", true));

    let world = World::with(Failing::ABSENT);
    let refused = world.keep(Some(TokenStore::Keyring)).await.unwrap_err();
    assert_eq!(refused.message(), "the token cannot be kept in the keyring: no bus");
    assert!(refused.hint_line().unwrap().contains("--token-store file") && !world.has_file(), "{refused:?}");
}

#[tokio::test]
async fn an_entry_that_vanished_or_is_locked_leads_on() {
    for (world, message, hint) in [
        (
            World::with(InMemory::default()),
            "the keyring has no token of the profile live",
            "`mms auth login --profile live` keeps a token again",
        ),
        (
            World::locked(),
            "the token of the profile live is in the keyring, which cannot be read: no answer within 0.02 s, it may be locked",
            "unlock the keyring, or give the token by MAKE_API_KEY, --token-file or token_command",
        ),
    ] {
        let failure = world.read(TokenStore::Keyring).await.unwrap_err();
        assert_eq!((failure.code(), failure.message()), (ExitCode::Unauthorized, message));
        assert_eq!(failure.hint_line(), Some(hint));
    }
}

#[tokio::test]
async fn a_token_is_forgotten_in_the_store_that_has_it() {
    let world = World::with(InMemory::default());
    for (store, other) in [(TokenStore::Keyring, TokenStore::File), (TokenStore::File, TokenStore::Keyring)] {
        world.keep(Some(store)).await.unwrap();
        assert!(!world.forget(other).await.unwrap());
        assert!(world.forget(store).await.unwrap());
        assert!(world.read(store).await.is_err());
    }
}

#[tokio::test]
async fn a_change_of_the_store_forgets_the_token_in_the_former_one() {
    let world = World::with(InMemory::default());
    for (former, new) in [(TokenStore::Keyring, TokenStore::File), (TokenStore::File, TokenStore::Keyring)] {
        world.keep(Some(former)).await.unwrap();
        let kept = world.keep(Some(new)).await.unwrap();
        world.stores.forget_former(Some(former), Some(&kept), "live", |_| {}).await.unwrap();
        assert!(world.read(former).await.is_err());
        world.stores.forget_former(Some(new), Some(&kept), "live", |_| {}).await.unwrap();
        assert_eq!(world.read(new).await.unwrap(), TOKEN);
        world.stores.forget_former(Some(new), None, "live", |_| {}).await.unwrap();
        assert!(world.read(new).await.is_err(), "no token is kept any more");
    }
}

#[tokio::test]
async fn a_keyring_that_did_not_answer_is_not_asked_again_to_forget() {
    let world = World::locked();
    let kept = world.keep(None).await.unwrap();
    let asked_again = World::with(Failing(|| panic!("it is asked again")));

    let failure =
        asked_again.stores.forget_former(Some(TokenStore::Keyring), Some(&kept), "live", |_| {}).await.unwrap_err();

    assert_eq!(failure.message(), "the former token may still be in the keyring");
    let entry = asked_again.stores.entry_of("live");
    assert_eq!(failure.hint_line().unwrap(), format!("remove the entry {entry:?} of the service mms there"));
}

#[tokio::test]
async fn profiles_of_one_name_in_two_files_have_entries_of_their_own() {
    let keyring = Arc::new(InMemory::default());
    let (one, two) =
        (World::new(Some(keyring.clone()), Patience::USUAL), World::new(Some(keyring.clone()), Patience::USUAL));
    one.keep(None).await.unwrap();
    two.keep(None).await.unwrap();

    assert_eq!(keyring.entries().len(), 2);
    assert!(one.forget(TokenStore::Keyring).await.unwrap());
    assert_eq!(two.read(TokenStore::Keyring).await.unwrap(), TOKEN);
}

#[tokio::test]
async fn a_name_that_could_lead_elsewhere_is_no_name_of_a_profile() {
    let world = World::with(InMemory::default());
    for name in ["", "../live", ".live", "a/b", "a b"] {
        let refused = world.stores.keep(None, name, TOKEN, |_| {}).await.unwrap_err();
        assert_eq!(refused.message(), format!("{name:?} is no name of a profile"));
    }
}
