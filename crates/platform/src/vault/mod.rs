//! Secrets at rest: sealed with XChaCha20-Poly1305 under a key derived from the instance's secret.
//!
//! What is stored starts with the id of its key, so that after a change of the secret the old one still opens what it
//! sealed, until everything was sealed anew.

mod sealed;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};
use vitrine_kernel::Error;

use crate::Ctx;

pub use sealed::{Resealed, Sealed, reseal};

const LABEL: &str = "vault";
const KEY_ID_BYTES: usize = 4;
const NONCE_BYTES: usize = 24;

/// Tells keys apart and nothing about them.
fn key_id(key: &[u8; 32]) -> [u8; KEY_ID_BYTES] {
    let digest = Sha256::digest([b"key id".as_slice(), key].concat());
    std::array::from_fn(|index| digest[index])
}

/// Seals `plain` for one purpose; opening it needs the same purpose, so that one kind of secret cannot be put in the
/// place of another.
pub fn seal(ctx: &Ctx, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
    let key = ctx.derive_key(LABEL);
    let nonce: [u8; NONCE_BYTES] = ctx.entropy.bytes();
    let payload = Payload {
        msg: plain,
        aad: purpose.as_bytes(),
    };
    let sealed = XChaCha20Poly1305::new(&Key::from(key))
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| Error::internal(format!("could not seal a {purpose}")))?;
    Ok([&key_id(&key), nonce.as_slice(), &sealed].concat())
}

/// Opens what [`seal`] made with the present secret or the one before it.
pub fn open(ctx: &Ctx, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
    let damaged = || Error::internal(format!("a sealed {purpose} cannot be opened"));
    let (id, rest) = sealed.split_first_chunk::<KEY_ID_BYTES>().ok_or_else(damaged)?;
    let (nonce, content) = rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(damaged)?;
    let key = ctx
        .derived_keys(LABEL)
        .into_iter()
        .find(|key| key_id(key) == *id)
        .ok_or_else(damaged)?;
    let payload = Payload {
        msg: content,
        aad: purpose.as_bytes(),
    };
    XChaCha20Poly1305::new(&Key::from(key))
        .decrypt(&XNonce::from(*nonce), payload)
        .map_err(|_| damaged())
}

/// Whether it was sealed with a secret that has been replaced.
pub fn is_outdated(ctx: &Ctx, sealed: &[u8]) -> bool {
    !sealed.starts_with(&key_id(&ctx.derive_key(LABEL)))
}
