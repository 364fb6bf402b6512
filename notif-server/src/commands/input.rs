//! Files that a user names, read up to a bound.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use crate::config::ByteSize;

/// The bytes of a file, of standard input (`-`), or of a device without an end.
///
/// # Errors
/// If it cannot be read, or is longer than `limits.max-body`.
pub(crate) fn read(path: &Path, max_body: ByteSize) -> io::Result<Vec<u8>> {
    let limit = max_body.bytes() as u64;
    let mut input = Vec::new();
    let most = limit.saturating_add(1);
    if path == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut input)?;
    } else {
        File::open(path)?.take(most).read_to_end(&mut input)?;
    }
    if input.len() as u64 > limit {
        let problem = format!("it is larger than limits.max-body = {max_body}");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, problem));
    }
    Ok(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_up_to_the_bound() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, vec![b'x'; 2048]).unwrap();
        assert_eq!(read(&file, "2KiB".parse().unwrap()).unwrap().len(), 2048);
        for endless in [&file, Path::new("/dev/zero")] {
            let error = read(endless, "2047".parse().unwrap()).unwrap_err();
            let told = error.to_string();
            assert_eq!(told, "it is larger than limits.max-body = 2047B");
        }
    }
}
