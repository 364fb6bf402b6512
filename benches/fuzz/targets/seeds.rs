//! `seeds FOLDER` writes the valid messages from which the fuzzer starts, a folder an encoding.
#![forbid(unsafe_code)]

use std::io;
use std::path::PathBuf;

fn main() -> io::Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| io::Error::other("which folder?"))?;
    for encoding in notif_runtime::Encoding::ALL {
        let folder = folder.join(encoding.as_str());
        std::fs::create_dir_all(&folder)?;
        for (at, message) in fuzz::seeds(*encoding).iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{at}")), message)?;
        }
    }
    Ok(())
}
