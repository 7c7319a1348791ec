//! Signed links: what S3 does with its query signature, in one path segment.
//!
//! A token is a claim with an end, in JSON, and an HMAC-SHA256 over it, both base64url. Each purpose has a key of its
//! own, derived from the instance's secret, so that a token is worth nothing anywhere else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use vitrine_kernel::{Secret, Time};

type HmacSha256 = Hmac<Sha256>;

/// What a link to the local storage allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Access {
    #[serde(rename = "g")]
    Get,
    #[serde(rename = "p")]
    Put,
}

/// A link to one object of the local storage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Link {
    #[serde(rename = "a")]
    pub access: Access,
    #[serde(rename = "k")]
    pub key: String,
    #[serde(rename = "t")]
    pub content_type: String,
    /// Exact length of an upload in bytes.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
    /// Name of a download, for people.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    #[serde(rename = "d", default, skip_serializing_if = "std::ops::Not::not")]
    pub download: bool,
}

/// A claim and the Unix second from which on it is void.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed<T> {
    #[serde(rename = "c")]
    pub claim: T,
    #[serde(rename = "e")]
    pub expires_at: i64,
}

/// Why a token was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenError {
    Forged,
    Expired,
}

/// Makes and checks tokens of one purpose.
#[derive(Debug, Clone)]
pub struct TokenSigner {
    /// An HMAC that has taken in its key; each token begins with a copy.
    keyed: Secret<HmacSha256>,
}

impl TokenSigner {
    /// The purpose is part of the key; it never changes once tokens are out.
    pub fn new(secret: &[u8], purpose: &str) -> Self {
        let mut derive = keyed(secret);
        derive.update(b"vitrine token: ");
        derive.update(purpose.as_bytes());
        Self {
            keyed: Secret::new(keyed(&derive.finalize().into_bytes())),
        }
    }

    fn mac(&self, message: &[u8]) -> HmacSha256 {
        let mut mac = self.keyed.expose().clone();
        mac.update(message);
        mac
    }

    pub fn seal<T: Serialize>(&self, signed: &Signed<T>) -> String {
        let claim = serde_json::to_vec(signed).expect("a struct of plain fields serialises");
        let tag = self.mac(&claim).finalize().into_bytes();
        let mut token = String::with_capacity((claim.len() + tag.len()) * 4 / 3 + 4);
        URL_SAFE_NO_PAD.encode_string(&claim, &mut token);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(tag, &mut token);
        token
    }

    pub fn open<T: DeserializeOwned>(&self, token: &str, now: Time) -> Result<Signed<T>, TokenError> {
        let (claim, tag) = token.split_once('.').ok_or(TokenError::Forged)?;
        let claim = URL_SAFE_NO_PAD.decode(claim).map_err(|_| TokenError::Forged)?;
        let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| TokenError::Forged)?;
        self.mac(&claim)
            .verify_slice(&tag)
            .map_err(|_| TokenError::Forged)?;
        let signed: Signed<T> = serde_json::from_slice(&claim).map_err(|_| TokenError::Forged)?;
        if now.timestamp() >= signed.expires_at {
            return Err(TokenError::Expired);
        }
        Ok(signed)
    }
}

fn keyed(key: &[u8]) -> HmacSha256 {
    HmacSha256::new_from_slice(key).expect("HMAC takes a key of any length")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> Signed<Link> {
        let claim = Link {
            access: Access::Put,
            key: "incoming/a/b.jpg".into(),
            content_type: "image/jpeg".into(),
            length: Some(1234),
            filename: None,
            download: false,
        };
        Signed {
            claim,
            expires_at: 1_000,
        }
    }

    fn open(signer: &TokenSigner, token: &str, second: i64) -> Result<Signed<Link>, TokenError> {
        signer.open(
            token,
            Time::from_timestamp(second, 0).expect("a small number of seconds"),
        )
    }

    #[test]
    fn a_token_opens_until_the_second_it_expires() {
        let signer = TokenSigner::new(b"a secret of this instance", "test");
        let token = signer.seal(&signed());
        assert_eq!(open(&signer, &token, 999), Ok(signed()));
        assert_eq!(open(&signer, &token, 1_000), Err(TokenError::Expired));
    }

    #[test]
    fn no_byte_of_a_token_can_be_changed() {
        let signer = TokenSigner::new(b"a secret of this instance", "test");
        let token = signer.seal(&signed());
        for position in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(bytes).expect("ASCII");
            assert_eq!(
                open(&signer, &forged, 1),
                Err(TokenError::Forged),
                "position {position} of {token}"
            );
        }
        for nonsense in ["", ".", "a.b", "a", "….…"] {
            assert_eq!(open(&signer, nonsense, 1), Err(TokenError::Forged));
        }
    }

    #[test]
    fn another_secret_or_purpose_does_not_open_it() {
        let token = TokenSigner::new(b"a secret of this instance", "test").seal(&signed());
        for signer in [
            TokenSigner::new(b"another", "test"),
            TokenSigner::new(b"a secret of this instance", "other"),
        ] {
            assert_eq!(open(&signer, &token, 1), Err(TokenError::Forged));
        }
    }
}
