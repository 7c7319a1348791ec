//! Bytes as text of 32 letters, five bits each; for whole groups of five bytes, so that nothing is padded.

/// Alphabet of RFC 4648, which authenticator apps read.
pub const RFC_4648: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Crockford's, without letters that are taken for another.
pub const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Eight letters for every five bytes; bytes beyond the last whole group are not allowed.
pub fn encode(bytes: &[u8], alphabet: &[u8; 32]) -> String {
    debug_assert_eq!(bytes.len() % 5, 0, "whole groups only");
    let mut text = String::with_capacity(bytes.len() / 5 * 8);
    for group in bytes.chunks_exact(5) {
        let bits = group.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
        for place in (0..8).rev() {
            let index = (bits >> (place * 5)) & 31;
            text.push(char::from(alphabet[index as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648, section 10.
    #[test]
    fn five_bytes_are_eight_letters() {
        assert_eq!(encode(b"fooba", RFC_4648), "MZXW6YTB");
        assert_eq!(encode(&[0xff; 5], RFC_4648), "77777777");
        assert_eq!(encode(&[0; 10], CROCKFORD), "0000000000000000");
    }
}
