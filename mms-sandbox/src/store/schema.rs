//! Schema of the database: the tables, their migrations, and the marks in the file's header.

use rusqlite::Connection;

/// Marks a file as a sandbox's, in the header field that SQLite keeps for this.
pub(super) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"mmsb");

/// The version of the tables below, in the header too. A file without tables has version 0.
pub(super) const VERSION: i32 = 3;

/// SQL that brings the tables of each version to the next.
const MIGRATIONS: [&str; VERSION as usize] = [FIRST_TABLES, CLOCK_AND_USAGE, IDENTITY_AND_MARKS];

/// `distributor.pool` plus the allocations of its children never changes; seeding keeps the sum within 64 bits. Ids of
/// children and users are never given twice, hence AUTOINCREMENT. `user.email` is in lower case: it tells users apart.
const FIRST_TABLES: &str = "
    CREATE TABLE distributor (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        zone_id INTEGER NOT NULL,
        country_id INTEGER NOT NULL,
        timezone_id INTEGER NOT NULL,
        pool INTEGER NOT NULL CHECK (pool >= 0),
        api_limit INTEGER NOT NULL,
        last_reset TEXT NOT NULL,
        next_reset TEXT NOT NULL
    ) STRICT;
    CREATE TABLE token (
        token TEXT PRIMARY KEY,
        distributor_id INTEGER NOT NULL REFERENCES distributor,
        scopes TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE user (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        email TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL
    ) STRICT;
    CREATE TABLE child (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        distributor_id INTEGER NOT NULL REFERENCES distributor,
        name TEXT NOT NULL,
        owner_id INTEGER NOT NULL REFERENCES user,
        zone_id INTEGER NOT NULL,
        country_id INTEGER NOT NULL,
        timezone_id INTEGER NOT NULL,
        operations INTEGER NOT NULL CHECK (operations >= 0)
    ) STRICT;
    CREATE INDEX child_by_name ON child (distributor_id, name);
    CREATE TABLE consumption (
        child_id INTEGER PRIMARY KEY REFERENCES child,
        centicredits_consumed INTEGER NOT NULL,
        centicredits_extra INTEGER NOT NULL DEFAULT 0,
        operations_consumed INTEGER NOT NULL,
        operations_extra INTEGER NOT NULL DEFAULT 0,
        transfer_consumed INTEGER NOT NULL,
        transfer_extra INTEGER NOT NULL DEFAULT 0,
        last_reset TEXT NOT NULL
    ) STRICT;
";

/// `setting` has one row. Its clock is the real time plus `clock_ahead` milliseconds, or stands at `clock_frozen`;
/// `planted` says that a first state was loaded, and `first_state` which, in JSON. Times are RFC 3339 in UTC.
const CLOCK_AND_USAGE: &str = "
    ALTER TABLE distributor ADD COLUMN restart_period TEXT NOT NULL DEFAULT 'monthly';
    CREATE TABLE usage (
        child_id INTEGER PRIMARY KEY REFERENCES child,
        shape TEXT NOT NULL,
        centicredits_per_day INTEGER NOT NULL,
        since TEXT NOT NULL,
        played_until TEXT NOT NULL
    ) STRICT;
    CREATE TABLE setting (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        usage_seed INTEGER NOT NULL,
        clock_ahead INTEGER NOT NULL,
        clock_frozen TEXT,
        planted INTEGER NOT NULL,
        first_state TEXT
    ) STRICT;
    INSERT INTO setting VALUES (1, 0, 0, NULL, EXISTS (SELECT 1 FROM distributor), NULL);
";

/// `setting.identity` tells one state from every other. For `log_mark` see `checkpoint.rs`; its `log` is empty until the
/// first log is begun, and so in the log that brings a file of an earlier version to this one.
const IDENTITY_AND_MARKS: &str = "
    ALTER TABLE setting ADD COLUMN identity TEXT NOT NULL DEFAULT '';
    UPDATE setting SET identity = lower(hex(randomblob(8)));
    CREATE TABLE log_mark (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        pages TEXT NOT NULL,
        log TEXT NOT NULL
    ) STRICT;
    INSERT INTO log_mark VALUES (1, lower(hex(randomblob(8))), '');
";

/// Creates the tables that a database lacks, and marks its header.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let missing = MIGRATIONS.get(usize::try_from(version).unwrap_or_default()..).unwrap_or_default();
    if missing.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    for migration in missing {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}
