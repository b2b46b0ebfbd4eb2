//! What SQLite alone does with the statements of an allocation, one commit each: the yardstick of `bench/file.sh`.
//!
//! Usage: `bare_allocate FILE default|durable`. Prints allocations a second, and the microseconds of one fsync of the disk.

use std::env::args;
use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

/// How long each of the two is measured.
const TIME: Duration = Duration::from_secs(3);

#[expect(clippy::print_stdout, reason = "a program of its own, read by a script")]
fn main() -> Result<(), Box<dyn Error>> {
    let (Some(file), Some(mode)) = (args().nth(1), args().nth(2)) else {
        return Err("usage: bare_allocate FILE default|durable".into());
    };
    let synchronous = if mode == "durable" { "FULL" } else { "NORMAL" };
    println!("{:.0} {:.0}", allocations(&file, synchronous)?, fsync(Path::new(&file))?);
    Ok(())
}

fn allocations(file: &str, synchronous: &str) -> rusqlite::Result<f64> {
    let mut connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.execute_batch(
        "CREATE TABLE distributor (id INTEGER PRIMARY KEY, pool INTEGER NOT NULL) STRICT;
         CREATE TABLE child (id INTEGER PRIMARY KEY, distributor_id INTEGER NOT NULL, operations INTEGER NOT NULL) STRICT;
         INSERT INTO distributor VALUES (11, 9000000000000000);
         WITH RECURSIVE ids(id) AS (SELECT 1001 UNION ALL SELECT id + 1 FROM ids WHERE id < 1200)
             INSERT INTO child SELECT id, 11, 10000 FROM ids;",
    )?;
    let started = Instant::now();
    let mut count = 0_u32;
    while started.elapsed() < TIME {
        let child = 1001 + i64::from(count % 200);
        let new = if count % 400 < 200 { 20_000 } else { 30_000_i64 };
        let transaction = connection.transaction()?;
        let old: i64 = transaction
            .prepare_cached("SELECT operations FROM child WHERE id = ?1 AND distributor_id = 11")?
            .query_one([child], |row| row.get(0))?;
        let _pool: i64 = transaction
            .prepare_cached("UPDATE distributor SET pool = pool - ?1 WHERE id = 11 AND pool >= ?1 RETURNING pool")?
            .query_one([new - old], |row| row.get(0))?;
        transaction.prepare_cached("UPDATE child SET operations = ?2 WHERE id = ?1")?.execute((child, new))?;
        transaction.commit()?;
        count += 1;
    }
    Ok(f64::from(count) / started.elapsed().as_secs_f64())
}

/// Measures the disk under a file: a page appended and synced, as SQLite does at a durable commit.
fn fsync(beside: &Path) -> std::io::Result<f64> {
    let mut file = File::create(beside.with_extension("fsync"))?;
    let started = Instant::now();
    let mut count = 0_u32;
    while started.elapsed() < TIME / 3 {
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
        count += 1;
    }
    Ok(started.elapsed().as_secs_f64() * 1e6 / f64::from(count))
}
