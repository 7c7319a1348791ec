//! Codes of authenticator apps: RFC 6238 with what every app understands (SHA-1, six digits, 30 seconds).

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};
use vitrine_kernel::Time;

use super::base32;

/// Bytes of a seed: as many as SHA-1 gives, which RFC 4226 recommends.
pub const SEED_BYTES: usize = 20;
const STEP_SECONDS: i64 = 30;
/// Clocks of phones may be off by a step either way.
const TOLERANCE_STEPS: i64 = 1;
const DIGITS: usize = 6;
const MODULUS: u32 = 1_000_000;

/// Number of the 30 second step a moment is in, counted from 1970.
pub fn step_at(now: Time) -> i64 {
    now.timestamp().div_euclid(STEP_SECONDS)
}

/// The six digits of a step (RFC 4226, section 5.3).
pub fn code(seed: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(seed).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let digest: [u8; 20] = mac.finalize().into_bytes().into();
    let offset = usize::from(digest[19] & 0x0f);
    let bits = u32::from_be_bytes([
        digest[offset] & 0x7f,
        digest[offset + 1],
        digest[offset + 2],
        digest[offset + 3],
    ]);
    format!("{:0width$}", bits % MODULUS, width = DIGITS)
}

/// The step a code belongs to, if it is one around now. Looks at every step, so that the time tells nothing.
pub fn matching_step(seed: &[u8], now: Time, sent: &str) -> Option<i64> {
    let present = step_at(now);
    let mut found = i64::MIN;
    for step in present - TOLERANCE_STEPS..=present + TOLERANCE_STEPS {
        let is_it: Choice = code(seed, step).as_bytes().ct_eq(sent.as_bytes());
        found.conditional_assign(&step, is_it);
    }
    (found != i64::MIN).then_some(found)
}

/// Whether this looks like a code of an app.
pub fn is_shaped(sent: &str) -> bool {
    sent.len() == DIGITS && sent.bytes().all(|byte| byte.is_ascii_digit())
}

/// The seed as people type it into an app.
pub fn secret_text(seed: &[u8]) -> String {
    base32::encode(seed, base32::RFC_4648)
}

/// The link that apps read from a QR code; `issuer` and `account` are shown to the person.
pub fn otpauth_url(seed: &[u8], issuer: &str, account: &str) -> String {
    let mut url = url::Url::parse("otpauth://totp/").expect("this is a URL");
    url.set_path(&format!("/{}:{}", issuer.replace(':', " "), account));
    url.query_pairs_mut()
        .append_pair("secret", &secret_text(seed))
        .append_pair("issuer", issuer)
        .append_pair("algorithm", "SHA1")
        .append_pair("digits", "6")
        .append_pair("period", "30");
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: &[u8] = b"12345678901234567890";

    fn at(second: i64) -> Time {
        Time::UNIX_EPOCH + chrono::Duration::seconds(second)
    }

    /// RFC 4226, appendix D.
    #[test]
    fn the_counters_of_rfc_4226_give_its_codes() {
        let expected = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        for (step, expected) in (0..).zip(expected) {
            assert_eq!(code(SEED, step), expected, "step {step}");
        }
    }

    /// RFC 6238, appendix B, SHA-1; the last six of its eight digits.
    #[test]
    fn the_moments_of_rfc_6238_give_its_codes() {
        for (second, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(SEED, step_at(at(second))), expected, "second {second}");
            assert_eq!(matching_step(SEED, at(second), expected), Some(second / 30));
        }
    }

    #[test]
    fn a_code_is_good_for_one_step_before_and_after_its_own() {
        let sent = code(SEED, 100);
        for (second, is_good) in [
            (2_969, false),
            (2_970, true),
            (3_000, true),
            (3_059, true),
            (3_060, false),
        ] {
            let found = matching_step(SEED, at(second), &sent);
            assert_eq!(found, is_good.then_some(100), "second {second}");
        }
        for wrong in ["", "00000", "0000000", "abcdef", "00000０"] {
            assert_eq!(matching_step(SEED, at(3_000), wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn the_link_has_what_apps_expect() {
        assert_eq!(
            otpauth_url(SEED, "Vitrine", "ada+1@example.com"),
            "otpauth://totp/Vitrine:ada+1@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Vitrine&algorithm=SHA1&digits=6&period=30"
        );
    }
}
