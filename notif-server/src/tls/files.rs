//! Files that only the server's user may read.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use super::error::TlsError;

/// Creates the directory and its missing parents for this user alone, and syncs their names to the
/// disk. Existing directories stay as they are.
///
/// # Errors
/// If it cannot be created.
pub fn create_private_dir(path: &Path) -> io::Result<()> {
    let new = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
    let new: Vec<_> = path.ancestors().take_while(new).collect();
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    for parent in new.into_iter().filter_map(Path::parent) {
        match sync_dir(parent) {
            // A directory of another user may be writable but not readable.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            synced => synced?,
        }
    }
    Ok(())
}

fn sync_dir(path: &Path) -> io::Result<()> {
    let here = path.as_os_str().is_empty();
    File::open(if here { Path::new(".") } else { path })?.sync_all()
}

pub(super) fn read(path: &Path, what: &'static str) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|source| TlsError::Unreadable {
        what,
        path: path.to_owned(),
        source,
    })
}

/// Writes the file completely or not at all; for this user alone if it is `secret`.
pub(super) fn write(path: &Path, bytes: &[u8], secret: bool) -> Result<(), TlsError> {
    let fail = |error| TlsError::unwritable(path, error);
    let draft = path.with_extension("new");
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(fail(error)),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(if secret { 0o600 } else { 0o644 })
        .open(&draft)
        .map_err(fail)?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&draft, path))
        .map_err(fail)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn directories_are_made_for_this_user_alone() {
        let home = tempfile::tempdir().unwrap();
        let inner = home.path().join("a/b");
        for _ in 0..2 {
            create_private_dir(&inner).unwrap();
        }
        for dir in [&inner, &home.path().join("a")] {
            let mode = fs::metadata(dir).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700);
        }
        let file = inner.join("file");
        fs::write(&file, "").unwrap();
        create_private_dir(&file).unwrap_err();
    }
}
