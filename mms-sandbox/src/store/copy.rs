//! Copy of the database into a new file, while it is in use: another sandbox, with an identity and marks of its own.

use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::{fmt, io};

use rusqlite::{Connection, OpenFlags};

use super::checkpoint;
use super::error::without_sql;
use super::tables::settings;

/// The suffixes of the logs that SQLite would play over a file which it finds beside them.
const LOGS: [&str; 2] = ["-wal", "-journal"];

/// What was copied.
#[derive(Debug)]
pub(crate) struct Copied {
    /// The size of the file.
    pub(crate) bytes: u64,
    /// The identity that the copy has.
    pub(crate) identity: String,
}

/// Why there is no copy. Nothing was left at its path.
#[derive(Debug)]
pub(crate) enum CopyError {
    /// No file can be made at the path.
    Path(String),
    /// The path is taken, or a log is in the way.
    Taken(String),
    /// The copy was begun and failed.
    Failed(String),
}

impl fmt::Display for CopyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Path(message) | Self::Taken(message) | Self::Failed(message)) = self;
        formatter.write_str(message)
    }
}

impl Error for CopyError {}

impl CopyError {
    fn failed(to: &Path, error: &dyn fmt::Display) -> Self {
        Self::Failed(format!("the copy {} cannot be written: {error}", to.display()))
    }

    fn database(to: &Path, error: &rusqlite::Error) -> Self {
        Self::failed(to, &without_sql(error))
    }
}

/// Copies what a connection sees into the file `to`, which must not exist; no transaction may be open.
///
/// The file has its name only when it is whole and on the disk.
pub(super) fn copy(connection: &Connection, to: &Path) -> Result<Copied, CopyError> {
    let folder = checked(to)?;
    let draft = Draft::create(folder, to)?;
    let Some(path) = draft.0.to_str() else {
        return Err(CopyError::Path(format!("{} is not UTF-8, as the database needs it", to.display())));
    };
    let database = |error| CopyError::database(to, &error);
    connection.execute("VACUUM INTO ?1", [path]).map_err(database)?;
    let identity = make_another(&draft.0).map_err(database)?;
    let failed = |error: io::Error| CopyError::failed(to, &error);
    let file = File::open(&draft.0).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    draft.publish(to)?;
    if let Err(error) = sync_folder(folder) {
        tracing::warn!(file = %to.display(), %error, "a power cut may take the name of the copy");
    }
    Ok(Copied { bytes, identity })
}

/// Refuses a path at which no copy can be made, and returns its folder.
fn checked(to: &Path) -> Result<&Path, CopyError> {
    if !to.is_absolute() {
        let path = to.display().to_string();
        return Err(CopyError::Path(format!("{path:?} is no absolute path: write it from the root on")));
    }
    let (Some(folder), Some(_)) = (to.parent(), to.file_name()) else {
        return Err(CopyError::Path(format!("{} is a folder: name a file in it", to.display())));
    };
    if !folder.is_dir() {
        return Err(CopyError::Path(format!("there is no folder {}", folder.display())));
    }
    match to.symlink_metadata() {
        Ok(_) => return Err(taken(to)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(CopyError::Path(format!("no file can be made at {}: {error}", to.display()))),
    }
    let left = LOGS.into_iter().map(|suffix| beside(to, suffix)).find(|log| log.symlink_metadata().is_ok());
    match left {
        Some(log) => Err(CopyError::Taken(format!(
            "{} was left by another file of this name, and would be played over the copy: move it away first",
            log.display()
        ))),
        None => Ok(folder),
    }
}

/// Returns the path of a file with a suffix.
fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

fn taken(to: &Path) -> CopyError {
    CopyError::Taken(format!("{} is there already, and a copy overwrites nothing", to.display()))
}

/// Makes a copy another sandbox: with an identity of its own, and marks that no log of the first one has.
fn make_another(draft: &Path) -> rusqlite::Result<String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(draft, flags)?;
    // The draft is worth nothing where this fails, so that it needs no journal beside it.
    connection.pragma_update(None, "journal_mode", "MEMORY")?;
    let transaction = connection.transaction()?;
    settings::draw_identity(&transaction)?;
    checkpoint::draw_marks(&transaction)?;
    let identity = transaction.query_one("SELECT identity FROM setting", (), |row| row.get(0))?;
    transaction.commit()?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(identity)
}

/// A file that becomes the copy, and is removed where it does not.
struct Draft(PathBuf);

impl Draft {
    /// Creates an empty file in the folder of the copy, for the user alone.
    fn create(folder: &Path, to: &Path) -> Result<Self, CopyError> {
        let refused =
            |error: &dyn fmt::Display| CopyError::Path(format!("no file can be made at {}: {error}", to.display()));
        let number = getrandom::u64().map_err(|error| CopyError::failed(to, &error))?;
        let draft = folder.join(format!(".mms-sandbox-copy-{number:016x}"));
        create_private(&draft).map_err(|error| refused(&error))?;
        Ok(Self(draft))
    }

    /// Gives the file its name, unless that was taken in the meantime.
    fn publish(self, to: &Path) -> Result<(), CopyError> {
        // Taking the name is what fails where another has it; renaming alone would overwrite.
        create_private(to).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => taken(to),
            _ => CopyError::failed(to, &error),
        })?;
        if let Err(error) = fs::rename(&self.0, to) {
            remove(to);
            return Err(CopyError::failed(to, &error));
        }
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

/// Removes a file of this copy, if it is there.
fn remove(file: &Path) {
    if let Err(error) = fs::remove_file(file)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(file = %file.display(), %error, "what is left of a copy cannot be removed");
    }
}

/// Creates a file that is not there yet, for the user alone: it holds tokens.
fn create_private(file: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

/// Brings the name of a new file to the disk.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
