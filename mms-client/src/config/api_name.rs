//! Name of an API in a journal: its place, and the identity of a sandbox.

use std::sync::{PoisonError, RwLock};

use mms_types::SANDBOX_ID_HEADER;
use reqwest::header::HeaderMap;

use super::base_url::BaseUrl;

/// Sign between a place and the identity of the sandbox there. No place has one.
const SEPARATOR: char = '#';

/// Name of an API. That of a sandbox is its place and its identity, so that creates of one that is gone are not taken for creates
/// of the next at the same address; it is known with the first answer.
#[derive(Debug)]
pub(crate) struct ApiName {
    base: String,
    /// Whether answers say more than `base`.
    learns: bool,
    learnt: RwLock<Learnt>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Learnt {
    /// No answer has come.
    #[default]
    Nothing,
    /// An answer of a server that is no sandbox, or one of an earlier version.
    NoSandbox,
    Sandbox(String),
}

impl ApiName {
    /// Takes the name that was given, or else begins with the place of a server. A sandbox speaks plain HTTP, so that over TLS there
    /// is nothing to learn.
    pub(crate) fn new(given: Option<String>, base_url: &BaseUrl) -> Self {
        let learns = given.is_none() && !base_url.is_https();
        Self { base: given.unwrap_or_else(|| base_url.place()), learns, learnt: RwLock::default() }
    }

    /// Returns the name, as far as it is known.
    pub(crate) fn name(&self) -> String {
        match &*self.learnt.read().unwrap_or_else(PoisonError::into_inner) {
            Learnt::Sandbox(identity) => format!("{}{SEPARATOR}{identity}", self.base),
            Learnt::Nothing | Learnt::NoSandbox => self.base.clone(),
        }
    }

    /// Says whether an answer can still change the name.
    pub(crate) fn is_known(&self) -> bool {
        !self.learns || *self.learnt.read().unwrap_or_else(PoisonError::into_inner) != Learnt::Nothing
    }

    /// Learns from the headers of an answer. One that has no identity may come from something on the way.
    pub(crate) fn learn(&self, headers: &HeaderMap, is_success: bool) {
        if !self.learns {
            return;
        }
        let identity = headers.get(SANDBOX_ID_HEADER).and_then(|identity| identity.to_str().ok());
        let is_new = match (identity, &*self.learnt.read().unwrap_or_else(PoisonError::into_inner)) {
            (Some(identity), Learnt::Sandbox(known)) => identity != known,
            (Some(_), _) => true,
            (None, Learnt::Nothing) => is_success,
            (None, _) => false,
        };
        if is_new {
            let learnt = identity.map_or(Learnt::NoSandbox, |identity| Learnt::Sandbox(identity.to_owned()));
            *self.learnt.write().unwrap_or_else(PoisonError::into_inner) = learnt;
        }
    }
}

/// Returns the place in the name of an API.
pub(crate) fn place_of(name: &str) -> &str {
    name.split_once(SEPARATOR).map_or(name, |(place, _)| place)
}

/// Says whether two names may be of one server: a gateway has a name of its own. What was sent to a sandbox is in no server that does
/// not show the same identity.
pub(crate) fn may_be_one(own: &str, other: &str) -> bool {
    own == other || sandbox_of(other).is_none_or(|other| sandbox_of(own) == Some(other))
}

/// Returns the identity of the sandbox in the name of an API, if it is one.
pub(crate) fn sandbox_of(name: &str) -> Option<&str> {
    Some(name.split_once(SEPARATOR)?.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(identity: Option<&'static str>) -> HeaderMap {
        identity.into_iter().map(|identity| (SANDBOX_ID_HEADER.parse().unwrap(), identity.parse().unwrap())).collect()
    }

    #[test]
    fn a_sandbox_is_known_by_its_place_and_its_identity_from_its_first_answer_on() {
        let name = ApiName::new(None, &"http://127.0.0.1:1/api/v2".parse().unwrap());
        assert_eq!((name.name().as_str(), name.is_known()), ("http://127.0.0.1:1/api/v2", false));
        name.learn(&headers(None), false);
        assert!(!name.is_known(), "a refusal without an identity may come from a gateway");
        name.learn(&headers(Some("0a")), false);
        assert_eq!((name.name().as_str(), name.is_known()), ("http://127.0.0.1:1/api/v2#0a", true));
        name.learn(&headers(None), true);
        assert_eq!(name.name(), "http://127.0.0.1:1/api/v2#0a");
        name.learn(&headers(Some("0b")), true);
        assert_eq!(name.name(), "http://127.0.0.1:1/api/v2#0b");
        assert_eq!((place_of(&name.name()), sandbox_of(&name.name())), ("http://127.0.0.1:1/api/v2", Some("0b")));
    }

    #[test]
    fn two_names_may_be_of_one_server_unless_they_are_of_two_sandboxes() {
        let (make, gateway, one, other) =
            ("https://a/api/v2", "https://b/make", "http://c/api/v2#0a", "http://c/api/v2#0b");
        assert!(may_be_one(make, gateway) && may_be_one(one, "http://d/api/v2#0a") && may_be_one(one, one));
        assert!(!may_be_one(one, other) && !may_be_one(make, one));
        assert!(may_be_one(one, make), "written down by a server that shows no identity");
    }

    #[test]
    fn a_server_without_an_identity_is_known_by_its_place() {
        let name = ApiName::new(None, &"http://127.0.0.1:1/api/v2".parse().unwrap());
        name.learn(&headers(None), true);
        assert_eq!((name.name().as_str(), name.is_known()), ("http://127.0.0.1:1/api/v2", true));
        assert_eq!(sandbox_of(&name.name()), None);
    }

    #[test]
    fn over_tls_and_with_a_name_of_its_own_there_is_nothing_to_learn() {
        let https = ApiName::new(None, &"https://eu1.make.com/api/v2".parse().unwrap());
        let named = ApiName::new(Some("own".to_owned()), &"http://127.0.0.1:1/api/v2".parse().unwrap());
        for (name, expected) in [(https, "https://eu1.make.com/api/v2"), (named, "own")] {
            assert!(name.is_known());
            name.learn(&headers(Some("0a")), true);
            assert_eq!(name.name(), expected);
        }
    }
}
