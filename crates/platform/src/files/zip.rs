//! A ZIP archive, written front to back (PKWARE APPNOTE 6.3.10).
//!
//! Photos are compressed already, so entries are stored as they are. An entry's size and checksum are known before it
//! is written, which every unpacker understands; archives beyond 4 GiB or 65,535 entries use ZIP64.

use chrono::{Datelike as _, Timelike as _};
use vitrine_kernel::Time;

const LOCAL_HEADER: u32 = 0x0403_4b50;
const CENTRAL_HEADER: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const END_64_LOCATOR: u32 = 0x0706_4b50;
/// 2.0 is enough for plain entries, 4.5 for ZIP64.
const VERSION: u16 = 20;
const VERSION_64: u16 = 45;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
const MADE_BY_UNIX: u16 = 3 << 8;
/// A regular file, readable by all, writable by its owner.
const UNIX_MODE: u32 = 0o100_644 << 16;

#[derive(Debug)]
struct Entry {
    name: String,
    crc32: u32,
    size: u32,
    date: (u16, u16),
    offset: u64,
}

/// Makes the parts of an archive around its entries' bytes.
#[derive(Debug, Default)]
pub struct ZipWriter {
    entries: Vec<Entry>,
    offset: u64,
}

impl ZipWriter {
    /// The bytes before an entry's content, which must follow next and be exactly `size` bytes.
    pub fn start(&mut self, name: &str, size: u32, crc32: u32, modified: Time) -> Vec<u8> {
        let entry = Entry {
            name: name.to_owned(),
            crc32,
            size,
            date: dos_date(modified),
            offset: self.offset,
        };
        let mut out = Vec::with_capacity(30 + name.len());
        put32(&mut out, LOCAL_HEADER);
        put16(&mut out, VERSION);
        common_fields(&mut out, &entry);
        put16(&mut out, 0); // no extra field
        out.extend_from_slice(name.as_bytes());
        self.offset += out.len() as u64 + u64::from(size);
        self.entries.push(entry);
        out
    }

    /// The directory that ends the archive.
    pub fn finish(self) -> Vec<u8> {
        let mut out = Vec::new();
        for entry in &self.entries {
            let far = u32::try_from(entry.offset).is_err();
            put32(&mut out, CENTRAL_HEADER);
            put16(&mut out, MADE_BY_UNIX | if far { VERSION_64 } else { VERSION });
            put16(&mut out, if far { VERSION_64 } else { VERSION });
            common_fields(&mut out, entry);
            put16(&mut out, if far { 12 } else { 0 });
            put16(&mut out, 0); // no comment
            put16(&mut out, 0); // first disk
            put16(&mut out, 0); // binary
            put32(&mut out, UNIX_MODE);
            put32(&mut out, u32::try_from(entry.offset).unwrap_or(u32::MAX));
            out.extend_from_slice(entry.name.as_bytes());
            if far {
                put16(&mut out, 1); // ZIP64 field
                put16(&mut out, 8);
                put64(&mut out, entry.offset);
            }
        }
        let (start, size, count) = (self.offset, out.len() as u64, self.entries.len() as u64);
        let is_64 = start + size >= u64::from(u32::MAX) || count >= u64::from(u16::MAX);
        if is_64 {
            put32(&mut out, END_64);
            put64(&mut out, 44); // what follows of this record
            put16(&mut out, MADE_BY_UNIX | VERSION_64);
            put16(&mut out, VERSION_64);
            put32(&mut out, 0);
            put32(&mut out, 0);
            put64(&mut out, count);
            put64(&mut out, count);
            put64(&mut out, size);
            put64(&mut out, start);
            put32(&mut out, END_64_LOCATOR);
            put32(&mut out, 0);
            put64(&mut out, start + size);
            put32(&mut out, 1);
        }
        put32(&mut out, END);
        put16(&mut out, 0);
        put16(&mut out, 0);
        let short_count = u16::try_from(count).unwrap_or(u16::MAX);
        put16(&mut out, short_count);
        put16(&mut out, short_count);
        put32(&mut out, if is_64 { u32::MAX } else { size as u32 });
        put32(&mut out, if is_64 { u32::MAX } else { start as u32 });
        put16(&mut out, 0);
        out
    }
}

/// The fields that local and central headers share, from the flags to the length of the name.
fn common_fields(out: &mut Vec<u8>, entry: &Entry) {
    put16(out, FLAGS);
    put16(out, 0); // stored
    put16(out, entry.date.1);
    put16(out, entry.date.0);
    put32(out, entry.crc32);
    put32(out, entry.size);
    put32(out, entry.size);
    put16(out, u16::try_from(entry.name.len()).unwrap_or(u16::MAX));
}

/// Date and time as MS-DOS kept them: from 1980, in steps of two seconds.
fn dos_date(time: Time) -> (u16, u16) {
    let year = time.year().clamp(1980, 2107) - 1980;
    let date = ((year as u32) << 9) | (time.month() << 5) | time.day();
    let clock = (time.hour() << 11) | (time.minute() << 5) | (time.second() / 2);
    (date as u16, clock as u16)
}

fn put16(out: &mut Vec<u8>, value: u16) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put64(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Time {
        "2026-03-04T12:30:10Z".parse().expect("a valid time")
    }

    #[test]
    fn a_small_archive_has_the_layout_of_the_standard() {
        let mut zip = ZipWriter::default();
        let mut bytes = zip.start("a.txt", 5, crc32fast::hash(b"hello"), noon());
        assert_eq!(bytes.len(), 30 + 5);
        bytes.extend_from_slice(b"hello");
        let directory_at = bytes.len();
        bytes.extend(zip.finish());
        let end = &bytes[bytes.len() - 22..];
        assert_eq!(end[..4], END.to_le_bytes());
        assert_eq!(end[10..12], 1u16.to_le_bytes());
        assert_eq!(end[16..20], (directory_at as u32).to_le_bytes());
        assert_eq!(
            bytes[directory_at..directory_at + 4],
            CENTRAL_HEADER.to_le_bytes()
        );
        assert_eq!(
            dos_date(noon()),
            ((46 << 9) | (3 << 5) | 4, (12 << 11) | (30 << 5) | 5)
        );
    }

    #[test]
    fn archives_beyond_four_gigabytes_say_so_in_zip64() {
        let mut zip = ZipWriter::default();
        for number in 0..3 {
            zip.start(&format!("{number}.jpg"), u32::MAX - 1, 0, noon());
        }
        let directory = zip.finish();
        let end_64 = directory.len() - 22 - 20 - 56;
        assert_eq!(directory[end_64..end_64 + 4], END_64.to_le_bytes());
        let start = 3 * (30 + 5 + u64::from(u32::MAX - 1));
        assert_eq!(directory[end_64 + 48..end_64 + 56], start.to_le_bytes());
        let locator = directory.len() - 22 - 20;
        assert_eq!(directory[locator..locator + 4], END_64_LOCATOR.to_le_bytes());
        assert_eq!(
            directory[locator + 8..locator + 16],
            (start + end_64 as u64).to_le_bytes()
        );
        // The second entry starts below 4 GiB, the third beyond.
        assert!(directory.windows(12).any(|field| {
            field[..4] == [1, 0, 8, 0] && field[4..] == (2 * (30 + 5 + u64::from(u32::MAX - 1))).to_le_bytes()
        }));
    }
}
