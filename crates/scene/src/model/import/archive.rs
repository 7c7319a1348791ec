//! Reads zip archives held in memory: the central directory, stored and deflated entries.
//!
//! Sizes come from the central directory and are limits, not promises: unpacking stops at them, and the checksum must
//! agree. Encryption, zip64, other compressions and split archives are refused in words. Format: PKWARE APPNOTE 6.3.

use std::collections::BTreeMap;

use super::{ImportError, Limits};

const FILE: &str = "zip archive";
const END: [u8; 4] = *b"PK\x05\x06";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const LOCAL: [u8; 4] = *b"PK\x03\x04";

#[derive(Debug, Clone, Copy)]
struct Entry {
    method: u16,
    checksum: u32,
    packed: usize,
    unpacked: usize,
    header: usize,
}

/// An opened archive; entries are unpacked when asked for.
#[derive(Debug)]
pub struct Archive<'a> {
    bytes: &'a [u8],
    entries: BTreeMap<String, Entry>,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(
        bytes.get(at..at.checked_add(2)?)?.try_into().ok()?,
    ))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(
        bytes.get(at..at.checked_add(4)?)?.try_into().ok()?,
    ))
}

/// Whether a name stays inside of the archive.
fn is_safe(name: &str) -> bool {
    !name.starts_with('/')
        && !name.contains(['\\', '\0'])
        && name.as_bytes().get(1) != Some(&b':')
        && name.split('/').all(|part| part != "..")
}

impl<'a> Archive<'a> {
    /// Reads the directory; no entry is unpacked yet.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, ImportError> {
        let tail = bytes.len().saturating_sub(66_000);
        let end = (tail..bytes.len().saturating_sub(21))
            .rev()
            .find(|&at| bytes[at..at + 4] == END)
            .ok_or(ImportError::WrongFormat(FILE))?;
        let cut = || ImportError::damaged(FILE, "its directory ends early");
        let count = u16_at(bytes, end + 10).ok_or_else(cut)?;
        let mut at = u32_at(bytes, end + 16).ok_or_else(cut)? as usize;
        if count == u16::MAX || at == u32::MAX as usize {
            return Err(ImportError::Unsupported("a zip64 archive".into()));
        }
        Limits::check(u64::from(count), limits.entries, "archive entries")?;
        let (mut entries, mut total) = (BTreeMap::new(), 0u64);
        for _ in 0..count {
            if bytes.get(at..at.saturating_add(4)) != Some(&CENTRAL[..]) {
                return Err(ImportError::damaged(FILE, "its directory is out of place"));
            }
            let short = |offset: usize| u16_at(bytes, at + offset).ok_or_else(cut);
            let long = |offset: usize| u32_at(bytes, at + offset).ok_or_else(cut);
            let (flags, method) = (short(8)?, short(10)?);
            let entry = Entry {
                method,
                checksum: long(16)?,
                packed: long(20)? as usize,
                unpacked: long(24)? as usize,
                header: long(42)? as usize,
            };
            let name_length = usize::from(short(28)?);
            let name = bytes
                .get(at + 46..)
                .and_then(|rest| rest.get(..name_length))
                .ok_or_else(cut)?;
            let name = String::from_utf8(name.to_vec()).unwrap_or_else(|_| latin1(name));
            if !is_safe(&name) {
                return Err(ImportError::UnsafeName(name));
            }
            if flags & 1 != 0 {
                return Err(ImportError::Unsupported("an encrypted archive".into()));
            }
            total += entry.unpacked as u64;
            Limits::check(total, limits.archive_bytes, "unpacked bytes")?;
            Limits::check(entry.unpacked as u64, limits.entry_bytes, "bytes in one file")?;
            at += 46 + name_length + usize::from(short(30)?) + usize::from(short(32)?);
            if !name.ends_with('/') {
                entries.insert(name, entry);
            }
        }
        Ok(Self { bytes, entries })
    }

    /// Names of all files, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Unpacks one file.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, ImportError> {
        let entry = self
            .entries
            .get(name)
            .ok_or_else(|| ImportError::Missing(name.to_owned()))?;
        let cut = || ImportError::damaged(FILE, format!("{name:?} ends early"));
        if self
            .bytes
            .get(entry.header..entry.header.saturating_add(4))
            .ok_or_else(cut)?
            != LOCAL
        {
            return Err(ImportError::damaged(FILE, format!("{name:?} is out of place")));
        }
        let skip = |offset: usize| {
            u16_at(self.bytes, entry.header + offset)
                .map(usize::from)
                .ok_or_else(cut)
        };
        let start = entry.header + 30 + skip(26)? + skip(28)?;
        let packed = self
            .bytes
            .get(start..start.saturating_add(entry.packed))
            .ok_or_else(cut)?;
        let unpacked = match entry.method {
            0 => packed.to_vec(),
            8 => miniz_oxide::inflate::decompress_to_vec_with_limit(packed, entry.unpacked)
                .map_err(|_| ImportError::damaged(FILE, format!("{name:?} cannot be unpacked")))?,
            other => {
                return Err(ImportError::Unsupported(format!("zip compression {other}")));
            }
        };
        if unpacked.len() != entry.unpacked || crc32fast::hash(&unpacked) != entry.checksum {
            return Err(ImportError::damaged(
                FILE,
                format!("{name:?} does not agree with its checksum"),
            ));
        }
        Ok(unpacked)
    }
}

/// ISO 8859-1 text.
pub(super) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}
