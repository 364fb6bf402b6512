//! The address that the server listens on.

use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::value::as_text;

/// An IP address or host name, and a port; port 0 stands for any free port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen(String);

impl Listen {
    /// The current addresses: several if a host name has several.
    ///
    /// # Errors
    /// If the name has no address, or cannot be looked up.
    pub fn resolve(&self) -> io::Result<Vec<SocketAddr>> {
        Ok(self.0.to_socket_addrs()?.collect())
    }
}

impl From<SocketAddr> for Listen {
    fn from(address: SocketAddr) -> Self {
        Self(address.to_string())
    }
}

impl FromStr for Listen {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let is_named = || {
            let (name, port) = text.rsplit_once(':')?;
            Some(is_host_name(name) && port.parse::<u16>().is_ok())
        };
        let good = text.parse::<SocketAddr>().is_ok() || is_named().unwrap_or_default();
        good.then(|| Self(text.to_owned())).ok_or(())
    }
}

/// True if it can be a host name (RFC 1123 section 2.1), and is not a mistyped IP address.
fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        (1..=63).contains(&label.len()) && label.chars().all(known)
    };
    let is_number = |label: &str| label.chars().all(|c| c.is_ascii_digit());
    let name = text.strip_suffix('.').unwrap_or(text);
    name.len() <= 253
        && name.split('.').all(is_label)
        && !name.rsplit('.').next().is_some_and(is_number)
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

as_text! {
    Listen, "an address or a name, and a port, such as \"127.0.0.1:4433\", \"[::]:4433\" or \"localhost:4433\"";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names_have_a_port() {
        for text in [
            "127.0.0.1:0",
            "[::1]:4433",
            "localhost:7003",
            "collector-1.example.:1",
        ] {
            assert_eq!(text.parse::<Listen>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "localhost",
            ":4433",
            "localhost:",
            "localhost:65536",
            "300.0.0.1:4433",
            "::1:4433",
            "a b:1",
            "https://localhost:4433",
        ] {
            assert_eq!(text.parse::<Listen>(), Err(()), "{text}");
        }
    }

    #[test]
    fn a_name_is_looked_up() {
        let local: Listen = "localhost:7003".parse().unwrap();
        let addresses = local.resolve().unwrap();
        let is_local = |address: &SocketAddr| address.ip().is_loopback() && address.port() == 7003;
        assert!(
            !addresses.is_empty() && addresses.iter().all(is_local),
            "{addresses:?}"
        );
    }
}
