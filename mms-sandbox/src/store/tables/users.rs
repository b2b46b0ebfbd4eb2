//! Table of users, who own child organizations.

use mms_types::UserId;
use rusqlite::{Connection, OptionalExtension};

/// The language of every user.
pub(crate) const LANGUAGE: &str = "en";

/// A user's account.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) id: UserId,
    pub(crate) name: String,
    /// Whether the account was there before it was asked for.
    pub(crate) existed: bool,
}

/// Returns the account with this e-mail address, in whatever case it is written, or opens one. An account keeps its name.
pub(crate) fn find_or_insert(connection: &Connection, email: &str, name: &str) -> rusqlite::Result<User> {
    let email = email.to_lowercase();
    let known = connection
        .prepare_cached("SELECT id, name FROM user WHERE email = ?1")?
        .query_one([&email], |row| Ok(User { id: UserId::new(row.get(0)?), name: row.get(1)?, existed: true }))
        .optional()?;
    if let Some(user) = known {
        return Ok(user);
    }
    let id = connection
        .prepare_cached("INSERT INTO user (email, name) VALUES (?1, ?2) RETURNING id")?
        .query_one([email.as_str(), name], |row| row.get(0))?;
    Ok(User { id: UserId::new(id), name: name.to_owned(), existed: false })
}

/// Inserts an account with a given id, unless the same account has it already.
pub(crate) fn insert(connection: &Connection, id: UserId, email: &str, name: &str) -> rusqlite::Result<()> {
    let email = email.to_lowercase();
    let known: Option<u64> = connection
        .prepare_cached("SELECT id FROM user WHERE email = ?1")?
        .query_one([&email], |row| row.get(0))
        .optional()?;
    if known == Some(id.get()) {
        return Ok(());
    }
    connection
        .prepare_cached("INSERT INTO user (id, email, name) VALUES (?1, ?2, ?3)")?
        .execute((id.get(), email.as_str(), name))
        .map(drop)
}
