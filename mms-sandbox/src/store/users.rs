//! The owners of child organizations.

use mms_types::UserId;
use rusqlite::{OptionalExtension, Transaction};

/// A user's account.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) id: UserId,
    pub(crate) name: String,
    /// Whether the account was there before it was asked for.
    pub(crate) existed: bool,
}

/// Returns the account with this e-mail address, in whatever case it is written, or opens one. An account keeps its name.
pub(crate) fn find_or_insert(transaction: &Transaction<'_>, email: &str, name: &str) -> rusqlite::Result<User> {
    let email = email.to_lowercase();
    let known = transaction
        .prepare_cached("SELECT id, name FROM user WHERE email = ?1")?
        .query_one([&email], |row| Ok(User { id: UserId::new(row.get(0)?), name: row.get(1)?, existed: true }))
        .optional()?;
    if let Some(user) = known {
        return Ok(user);
    }
    let id = transaction
        .prepare_cached("INSERT INTO user (email, name) VALUES (?1, ?2) RETURNING id")?
        .query_one([email.as_str(), name], |row| row.get(0))?;
    Ok(User { id: UserId::new(id), name: name.to_owned(), existed: false })
}
