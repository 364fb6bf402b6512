//! `seeds FOLDER` writes what the fuzzer starts from, a folder a target: valid messages, and modules.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::{fs, io};

fn main() -> io::Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| io::Error::other("which folder?"))?;
    for encoding in notif_runtime::Encoding::ALL {
        write(
            &folder.join(encoding.as_str()),
            &fuzz::decoders::seeds(*encoding),
        )?;
    }
    write(&folder.join("yang"), &fuzz::modules::seeds()?)
}

fn write(folder: &Path, seeds: &[Vec<u8>]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (at, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("seed-{at}")), seed)?;
    }
    Ok(())
}
