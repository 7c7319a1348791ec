//! Links: where people and browsers get one object, or send one.

use std::time::Duration;

use vitrine_kernel::Time;

use super::link::{Access, Link};
use super::s3::Valid;
use super::{Files, Links, Signed, TokenError, clean_filename, content_disposition};

/// Links that are shown in lists stay the same for this long, so that browsers can cache what is behind them.
const VIEW_STEP_S: i64 = 30 * 60;

/// Where and how to send an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresignedPut {
    pub url: String,
    /// Headers to send exactly like this. The length is signed too, and set by every HTTP client itself.
    pub headers: Vec<(String, String)>,
}

impl Files {
    /// A link to look at or download one object, good for exactly `expires_in`.
    pub fn presign_get(
        &self,
        key: &str,
        filename: &str,
        content_type: &str,
        expires_in: Duration,
        download: bool,
    ) -> String {
        let valid = Valid {
            from: self.0.clock.now(),
            duration: expires_in,
        };
        self.get_link(key, filename, content_type, valid, download)
    }

    /// A link to show an object in a page. It stays the same for half an hour and is good for an hour to an hour
    /// and a half, so that a list that is fetched again does not make the browser fetch all its pictures again.
    pub fn view_url(&self, key: &str, filename: &str, content_type: &str) -> String {
        let now = self.0.clock.now();
        let from =
            Time::from_timestamp(now.timestamp().div_euclid(VIEW_STEP_S) * VIEW_STEP_S, 0).unwrap_or(now);
        let duration = Duration::from_secs(3 * VIEW_STEP_S.unsigned_abs());
        self.get_link(key, filename, content_type, Valid { from, duration }, false)
    }

    fn get_link(
        &self,
        key: &str,
        filename: &str,
        content_type: &str,
        valid: Valid,
        download: bool,
    ) -> String {
        match &self.0.links {
            Links::Local { signer, base, .. } => {
                let claim = Link {
                    access: Access::Get,
                    key: key.to_owned(),
                    content_type: content_type.to_owned(),
                    length: None,
                    filename: Some(clean_filename(filename)),
                    download,
                };
                format!(
                    "{base}/{}",
                    signer.seal(&Signed {
                        claim,
                        expires_at: valid.until()
                    })
                )
            }
            Links::S3(signer) => {
                signer.get_url(key, content_type, &content_disposition(filename, download), valid)
            }
        }
    }

    /// Where to send exactly `length` bytes of `content_type`.
    pub fn presign_put(
        &self,
        key: &str,
        content_type: &str,
        length: u64,
        expires_in: Duration,
    ) -> PresignedPut {
        let valid = Valid {
            from: self.0.clock.now(),
            duration: expires_in,
        };
        let url = match &self.0.links {
            Links::Local { signer, base, .. } => {
                let claim = Link {
                    access: Access::Put,
                    key: key.to_owned(),
                    content_type: content_type.to_owned(),
                    length: Some(length),
                    filename: None,
                    download: false,
                };
                format!(
                    "{base}/{}",
                    signer.seal(&Signed {
                        claim,
                        expires_at: valid.until()
                    })
                )
            }
            Links::S3(signer) => signer.put_url(key, content_type, length, valid),
        };
        PresignedPut {
            url,
            headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
        }
    }

    /// Opens a local link; with S3 there are none.
    pub(super) fn open_link(&self, token: &str) -> Result<Signed<Link>, TokenError> {
        match &self.0.links {
            Links::Local { signer, .. } => signer.open(token, self.0.clock.now()),
            Links::S3(_) => Err(TokenError::Forged),
        }
    }
}
