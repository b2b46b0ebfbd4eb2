//! Errors of a job: why the store refused it, or could not do it.

use std::fmt;

use mms_types::{Centicredits, OrganizationId};

/// Why a job failed.
#[derive(Debug)]
pub(crate) enum StoreError {
    /// The distributor is not there, or not any more.
    NoSuchOrganization(OrganizationId),
    /// The distributor has no such child.
    NoSuchChild(OrganizationId),
    /// The distributor's pool holds fewer operations than are needed.
    PoolTooSmall { pool: i64, needed: i64 },
    /// The distributor has a child of this name.
    NameTaken { name: String },
    /// The child has consumed more than the allocation that is asked for.
    BelowConsumption { child: OrganizationId, centicredits: u64 },
    /// A state that is to be loaded contradicts itself.
    Contradiction(String),
    /// The database failed.
    Database(rusqlite::Error),
    /// The answer cannot be written as JSON.
    Encoding(String),
    /// The transaction that the job was part of was not committed.
    NotCommitted(String),
    /// The thread of the database has ended.
    Stopped,
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchOrganization(id) => write!(formatter, "there is no organization {id}"),
            Self::NoSuchChild(child) => write!(formatter, "there is no child organization {child}"),
            Self::PoolTooSmall { pool, needed } => {
                write!(formatter, "the distributor's pool holds {pool} operations: {needed} cannot be taken from it")
            }
            Self::NameTaken { name } => {
                write!(formatter, "the distributor has a child organization named {name:?} already")
            }
            Self::BelowConsumption { child, centicredits } => write!(
                formatter,
                "child organization {child} has consumed {} credits: a lower allocation pauses it",
                Centicredits::new(*centicredits)
            ),
            Self::Contradiction(message) => formatter.write_str(message),
            Self::Database(error) => write!(formatter, "the sandbox's database failed: {}", without_sql(error)),
            Self::Encoding(reason) => write!(formatter, "the answer cannot be written: {reason}"),
            Self::NotCommitted(reason) => write!(formatter, "the sandbox's database failed at the commit: {reason}"),
            Self::Stopped => formatter.write_str("the sandbox is stopping"),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

/// Returns the message of the database, without the SQL statement that it is about.
pub(super) fn without_sql(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}
