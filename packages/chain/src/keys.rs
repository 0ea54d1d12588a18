//! Keys: from a keyring file or the environment, never from a command line, never displayed.
//!
//! The keyring file, which nobody but its owner may read (`chmod 600`):
//!
//! ```toml
//! [deployer]
//! mnemonic = "word word …"         # 12 to 24 words (BIP-39, English)
//! hd_path = "m/44'/118'/0'/0/0"    # optional
//!
//! [feeder-1]
//! hex = "64 hexadecimal digits"    # a private key instead
//! ```
//!
//! A key of the environment stands in `BULWARK_KEY_<NAME>`, with the name in capitals and `_` for
//! `-`: a mnemonic, or 64 hexadecimal digits. It goes before one of the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fmt, fs, io};

use cosmrs::bip32::DerivationPath;
use cosmrs::crypto::PublicKey;
use cosmrs::crypto::secp256k1::SigningKey;
use thiserror::Error;
use zeroize::Zeroizing;

/// Keys of the environment begin with this.
const VARIABLE: &str = "BULWARK_KEY_";

/// What is wrong with a key or a keyring. Never contains any of the secret.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The keyring file cannot be read.
    #[error("{}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// Others than its owner may read the keyring file.
    #[error("{} has mode {mode:o}: others may read it; run chmod 600", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The keyring file is not of the form that is documented.
    #[error("{}: line {line} is not understood", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// An entry has neither a mnemonic nor a hexadecimal key, both, or something else.
    #[error("key {name}: needs either mnemonic or hex, and at most hd_path besides, as text")]
    Entry {
        /// The key's name.
        name: String,
    },
    /// A mnemonic is refused: its words, their number or its checksum.
    #[error("key {name}: this is no mnemonic of 12 to 24 English words")]
    Mnemonic {
        /// The key's name.
        name: String,
    },
    /// A hexadecimal key is refused.
    #[error("key {name}: this is no private key of 64 hexadecimal digits")]
    Hex {
        /// The key's name.
        name: String,
    },
    /// A derivation path is refused.
    #[error("key {name}: {hd_path} is no derivation path")]
    Path {
        /// The key's name.
        name: String,
        /// The path.
        hd_path: String,
    },
    /// There is no key of that name.
    #[error("there is no key {name}: neither in the keyring nor as {variable}")]
    Unknown {
        /// The name.
        name: String,
        /// The environment variable that could hold it.
        variable: String,
    },
    /// No address can be made with this prefix.
    #[error("key {name}: no address begins with {prefix}")]
    Prefix {
        /// The key's name.
        name: String,
        /// The prefix.
        prefix: String,
    },
    /// A random key could not be made, or not be written down.
    #[error("a new key cannot be made: {detail}")]
    Generate {
        /// In the library's words.
        detail: String,
    },
}

/// A secret as it was given.
#[derive(Clone)]
enum Secret {
    Mnemonic {
        words: Zeroizing<String>,
        hd_path: Option<String>,
    },
    Hex(Zeroizing<String>),
}

/// Keys by name.
#[derive(Clone, Default)]
pub struct Keyring {
    secrets: BTreeMap<String, Secret>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.secrets.keys()).finish()
    }
}

/// One key, ready to sign.
pub struct Signer {
    name: String,
    address: String,
    key: SigningKey,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({} {})", self.name, self.address)
    }
}

impl Keyring {
    /// The keys of a file, if one is named, and of the environment.
    ///
    /// # Errors
    /// [`KeyError`]; a file that others may read is refused.
    pub fn load(file: Option<&Path>) -> Result<Self, KeyError> {
        let mut keyring = file.map_or_else(|| Ok(Self::default()), Self::from_file)?;
        for (variable, value) in env::vars_os() {
            let name = variable
                .to_str()
                .and_then(|text| text.strip_prefix(VARIABLE));
            let Some(name) = name.map(name_of_variable) else {
                continue;
            };
            let value = value.into_string().map(Zeroizing::new);
            let value = value.map_err(|_| KeyError::Entry { name: name.clone() })?;
            keyring.insert(&name, value.trim());
        }
        Ok(keyring)
    }

    /// The keys of a file.
    ///
    /// # Errors
    /// [`KeyError`]; a file that others may read is refused.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let failed = |error| KeyError::Read {
            path: path.to_owned(),
            error,
        };
        assert_private(path).map_err(failed)??;
        let text = Zeroizing::new(fs::read_to_string(path).map_err(failed)?);
        let table: toml::Table = toml::from_str(&text).map_err(|error| {
            // The library's words would quote the line, and with it the secret.
            let at = error.span().map_or(0, |span| span.start);
            let line = 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count();
            let path = path.to_owned();
            KeyError::Form { path, line }
        })?;
        let mut keyring = Self::default();
        for (name, entry) in table {
            let secret =
                Secret::of(&entry).ok_or_else(|| KeyError::Entry { name: name.clone() })?;
            keyring.secrets.insert(name, secret);
        }
        Ok(keyring)
    }

    /// Adds a key: a mnemonic, or 64 hexadecimal digits. It is checked when it is used.
    pub fn insert(&mut self, name: &str, secret: &str) {
        let secret = Zeroizing::new(secret.to_owned());
        let secret = if secret.contains(char::is_whitespace) {
            Secret::Mnemonic {
                words: secret,
                hd_path: None,
            }
        } else {
            Secret::Hex(secret)
        };
        self.secrets.insert(name.into(), secret);
    }

    /// Whether there is a key of that name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.secrets.contains_key(name)
    }

    /// The names of all keys, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.secrets.keys().map(String::as_str)
    }

    /// A key, with its address under a prefix. Mnemonics are derived by the coin type unless
    /// the keyring names a path.
    ///
    /// # Errors
    /// [`KeyError::Unknown`], and what is wrong with the secret.
    pub fn signer(&self, name: &str, prefix: &str, coin_type: u32) -> Result<Signer, KeyError> {
        let secret = self.secrets.get(name).ok_or_else(|| KeyError::Unknown {
            name: name.into(),
            variable: variable_of_name(name),
        })?;
        let key = secret.key(name, coin_type)?;
        let address = key
            .public_key()
            .account_id(prefix)
            .map_err(|_| KeyError::Prefix {
                name: name.into(),
                prefix: prefix.into(),
            })?;
        Ok(Signer {
            name: name.into(),
            address: address.to_string(),
            key,
        })
    }
}

impl Secret {
    fn of(entry: &toml::Value) -> Option<Self> {
        let table = entry.as_table()?;
        let text = |key| match table.get(key) {
            Some(value) => value.as_str().map(|text| Some(text.to_owned())),
            None => Some(None),
        };
        let (mnemonic, hex, hd_path) = (text("mnemonic")?, text("hex")?, text("hd_path")?);
        let known = ["mnemonic", "hex", "hd_path"];
        if !table.keys().all(|key| known.contains(&key.as_str())) {
            return None;
        }
        match (mnemonic, hex, hd_path) {
            (Some(words), None, hd_path) => Some(Self::Mnemonic {
                words: Zeroizing::new(words),
                hd_path,
            }),
            (None, Some(hex), None) => Some(Self::Hex(Zeroizing::new(hex))),
            _ => None,
        }
    }

    fn key(&self, name: &str, coin_type: u32) -> Result<SigningKey, KeyError> {
        let name = || name.to_owned();
        match self {
            Self::Mnemonic { words, hd_path } => {
                let mnemonic: bip39::Mnemonic = words
                    .parse()
                    .map_err(|_| KeyError::Mnemonic { name: name() })?;
                let hd_path = hd_path
                    .clone()
                    .unwrap_or_else(|| format!("m/44'/{coin_type}'/0'/0/0"));
                let refused = |_| KeyError::Path {
                    name: name(),
                    hd_path: hd_path.clone(),
                };
                let path: DerivationPath = hd_path.parse().map_err(refused)?;
                let seed = Zeroizing::new(mnemonic.to_seed(""));
                SigningKey::derive_from_path(&seed[..], &path).map_err(refused)
            }
            Self::Hex(text) => {
                let bytes = hex::decode(text.as_bytes()).map(Zeroizing::new).ok();
                bytes
                    .filter(|bytes| bytes.len() == 32)
                    .and_then(|bytes| SigningKey::from_slice(&bytes).ok())
                    .ok_or_else(|| KeyError::Hex { name: name() })
            }
        }
    }
}

impl Signer {
    /// The key's name in its keyring.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address that it signs for.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Its public key.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.key.public_key()
    }

    pub(crate) const fn key(&self) -> &SigningKey {
        &self.key
    }
}

/// A new mnemonic of 24 words.
///
/// # Errors
/// [`KeyError::Generate`] if the system has no randomness to give.
pub fn new_mnemonic() -> Result<Zeroizing<String>, KeyError> {
    let mut entropy = Zeroizing::new([0u8; 32]);
    let failed = |detail: String| KeyError::Generate { detail };
    getrandom::fill(&mut entropy[..]).map_err(|error| failed(error.to_string()))?;
    let mnemonic =
        bip39::Mnemonic::from_entropy(&entropy[..]).map_err(|error| failed(error.to_string()))?;
    Ok(Zeroizing::new(mnemonic.to_string()))
}

/// `FEEDER_1` into `feeder-1`.
fn name_of_variable(text: &str) -> String {
    text.to_ascii_lowercase().replace('_', "-")
}

fn variable_of_name(name: &str) -> String {
    let name = name.to_ascii_uppercase().replace('-', "_");
    format!("{VARIABLE}{name}")
}

/// Nobody but its owner may read a keyring.
#[cfg(unix)]
fn assert_private(path: &Path) -> io::Result<Result<(), KeyError>> {
    use std::os::unix::fs::PermissionsExt;

    const OTHERS: u32 = 0o077;
    let mode = fs::metadata(path)?.permissions().mode() & 0o777;
    if mode & OTHERS == 0 {
        return Ok(Ok(()));
    }
    let path = path.to_owned();
    Ok(Err(KeyError::Exposed { path, mode }))
}

/// Other systems do not tell who may read a file in a way that could be checked here.
#[cfg(not(unix))]
fn assert_private(_: &Path) -> io::Result<Result<(), KeyError>> {
    Ok(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first words of the list with their checksum; its key is known everywhere.
    const WORDS: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    #[cfg(unix)]
    fn file(name: &str, text: &str, mode: u32) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;

        let path = env::temp_dir().join(format!("bulwark-keys-{}-{name}", std::process::id()));
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    #[test]
    fn a_mnemonic_gives_the_address_that_wallets_give() {
        let mut keyring = Keyring::default();
        keyring.insert("owner", WORDS);
        let signer = keyring.signer("owner", "cosmos", 118).unwrap();
        assert_eq!(
            signer.address(),
            "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4"
        );
    }

    #[test]
    fn secrets_are_not_displayed() {
        let mut keyring = Keyring::default();
        keyring.insert("owner", WORDS);
        keyring.insert("feeder", &"7".repeat(64));
        let signer = keyring.signer("feeder", "wasm", 118).unwrap();
        let shown = format!("{keyring:?} {signer:?}");
        assert!(
            !shown.contains("abandon") && !shown.contains("777"),
            "{shown}"
        );
        assert!(shown.contains("owner"), "{shown}");

        keyring.insert("bad", "abandon ability");
        keyring.insert("short", "777");
        for name in ["bad", "short"] {
            let error = keyring.signer(name, "wasm", 118).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(
                !shown.contains("abandon") && !shown.contains("777"),
                "{shown}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let path = file("open", "", 0o644);
        let refused = Keyring::from_file(&path).unwrap_err();
        assert!(matches!(refused, KeyError::Exposed { mode: 0o644, .. }));
        fs::remove_file(path).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_file_holds_mnemonics_and_private_keys() {
        let hex = "7".repeat(64);
        let text = format!(
            "[owner]\nmnemonic = \"{WORDS}\"\nhd_path = \"m/44'/118'/0'/0/0\"\n[feeder]\nhex = \"{hex}\"\n"
        );
        let path = file("good", &text, 0o600);
        let keyring = Keyring::from_file(&path).unwrap();
        assert_eq!(keyring.names().collect::<Vec<_>>(), ["feeder", "owner"]);
        assert!(
            keyring
                .signer("owner", "cosmos", 60)
                .unwrap()
                .address()
                .ends_with("auqdal4")
        );
        assert!(keyring.signer("feeder", "cosmos", 118).is_ok());
        let unknown = keyring.signer("feeder-2", "cosmos", 118).unwrap_err();
        assert_eq!(
            unknown.to_string(),
            "there is no key feeder-2: neither in the keyring nor as BULWARK_KEY_FEEDER_2"
        );
        fs::remove_file(path).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn what_is_wrong_with_a_file_is_told_without_its_secrets() {
        for (name, text) in [
            ("toml", "[a]\n\nmnemonic = abandon ability"),
            ("both", "[a]\nmnemonic = \"abandon\"\nhex = \"777\""),
            (
                "other",
                "[a]\nmnemonic = \"abandon\"\nmemonic = \"abandon\"",
            ),
            ("flat", "a = \"abandon\""),
        ] {
            let path = file(name, text, 0o600);
            let error = Keyring::from_file(&path).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(
                !shown.contains("abandon") && !shown.contains("777"),
                "{shown}"
            );
            if name == "toml" {
                assert!(matches!(error, KeyError::Form { line: 3, .. }), "{error}");
            }
            fs::remove_file(path).unwrap();
        }
    }

    #[test]
    fn new_mnemonics_differ_and_are_usable() {
        let (one, two) = (new_mnemonic().unwrap(), new_mnemonic().unwrap());
        assert_ne!(*one, *two);
        let mut keyring = Keyring::default();
        keyring.insert("new", &one);
        assert!(keyring.signer("new", "wasm", 118).is_ok());
    }
}
