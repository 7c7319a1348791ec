//! Cursors as clients see them: opaque, and signed so that a tampered one is noticed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use vitrine_kernel::page::{Cursor, Direction};
use vitrine_kernel::{Error, ErrorCode};

use crate::Ctx;

/// Enough to make guessing hopeless, short enough for a URL.
const SIGNATURE_BYTES: usize = 16;

fn sign(ctx: &Ctx, payload: &[u8]) -> [u8; SIGNATURE_BYTES] {
    let key = ctx.derive_key("page cursor");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes a key of any length");
    mac.update(payload);
    let mut short = [0; SIGNATURE_BYTES];
    short.copy_from_slice(&mac.finalize().into_bytes()[..SIGNATURE_BYTES]);
    short
}

pub(super) fn encode(ctx: &Ctx, cursor: &Cursor) -> String {
    let direction = match cursor.direction {
        Direction::Next => 'n',
        Direction::Previous => 'p',
    };
    let mut bytes = format!(
        "{direction}{}\n{}\n{}",
        cursor.sort,
        cursor.id.simple(),
        cursor.value
    )
    .into_bytes();
    let signature = sign(ctx, &bytes);
    bytes.extend_from_slice(&signature);
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn decode(ctx: &Ctx, text: &str) -> Result<Cursor, Error> {
    read(ctx, text).ok_or_else(invalid)
}

pub(super) fn invalid() -> Error {
    Error::new(
        ErrorCode::InvalidCursor,
        "Take the cursor from next_cursor or prev_cursor of a page with the same sort.",
    )
}

fn read(ctx: &Ctx, text: &str) -> Option<Cursor> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (payload, signature) = bytes.split_at_checked(bytes.len().checked_sub(SIGNATURE_BYTES)?)?;
    if !bool::from(sign(ctx, payload)[..].ct_eq(signature)) {
        return None;
    }
    let payload = std::str::from_utf8(payload).ok()?;
    let mut parts = payload.splitn(3, '\n');
    let (head, id, value) = (parts.next()?, parts.next()?, parts.next()?);
    let direction = match head.get(..1)? {
        "n" => Direction::Next,
        "p" => Direction::Previous,
        _ => return None,
    };
    Some(Cursor {
        direction,
        sort: head[1..].to_owned(),
        value: value.to_owned(),
        id: id.parse().ok()?,
    })
}
