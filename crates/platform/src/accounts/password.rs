//! Passwords: what is accepted, how they are kept, how they are compared.
//!
//! Argon2id takes tens of milliseconds and 19 MiB on purpose, so it runs on the blocking pool, a few at a time.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use vitrine_kernel::text::Email;
use vitrine_kernel::{Error, FieldError, Secret};

use super::common_passwords::is_common;
use crate::Ctx;

const MIN_CHARS: usize = 10;
const MAX_CHARS: usize = 128;

/// OWASP's second choice: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Compared with when there is no account, so that the answer takes as long. Nobody has the password to it: its hash
/// is all zeros.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGF0IGFsbCEhIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes at the same time; each holds its memory and a core.
static GATE: Semaphore = Semaphore::const_new(4);

/// A password good enough to be set.
#[derive(Debug, Clone)]
pub struct Password(Secret<String>);

impl Password {
    /// Answers the complaint about a password that is too short, too long, well known, or the e-mail address.
    pub fn parse(text: &str, email: Option<&Email>) -> Result<Self, FieldError> {
        let complain = |code, message: &str| Err(FieldError::new("password", code, message));
        let length = text.chars().count();
        if length < MIN_CHARS {
            return complain("too_short", "Must have at least 10 characters.");
        }
        if length > MAX_CHARS {
            return complain("too_long", "Must have at most 128 characters.");
        }
        if is_common(text) {
            return complain(
                "too_common",
                "This password is among those that are tried first. Choose another.",
            );
        }
        if email.is_some_and(|email| text.to_lowercase() == email.key()) {
            return complain("too_common", "The password must not be the e-mail address.");
        }
        Ok(Self(Secret::new(text.to_owned())))
    }
}

fn argon2() -> Argon2<'static> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).expect("these parameters are within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_now(password: &[u8], salt: &[u8]) -> Result<String, Error> {
    let hash: PasswordHash = argon2()
        .hash_password_with_salt(password, salt)
        .map_err(|error| Error::internal(format!("could not hash a password: {error}")))?;
    Ok(hash.to_string())
}

async fn on_blocking_pool<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let _permit = GATE
        .acquire()
        .await
        .map_err(|_| Error::internal("the password gate is closed"))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::internal("password work was cut off").with_source(error))
}

/// The PHC string to store.
pub async fn hash(ctx: &Ctx, password: Password) -> Result<String, Error> {
    let salt: [u8; 16] = ctx.entropy.bytes();
    on_blocking_pool(move || hash_now(password.0.expose().as_bytes(), &salt)).await?
}

/// Whether the password belongs to the stored hash. Without a hash it takes as long and says no.
pub async fn verify(stored: Option<String>, password: &str) -> Result<bool, Error> {
    // What is longer than any accepted password is wrong; its start is hashed to take the same time.
    let is_possible = password.chars().count() <= MAX_CHARS;
    let password = Secret::new(password.chars().take(MAX_CHARS).collect::<String>());
    on_blocking_pool(move || {
        let is_known = stored.is_some();
        let Ok(hash) = PasswordHash::new(stored.as_deref().unwrap_or(NOBODY)) else {
            return Err(Error::internal("accounts.password_hash holds no PHC string"));
        };
        let is_right = argon2()
            .verify_password(password.expose().as_bytes(), &hash)
            .is_ok();
        Ok(is_right && is_known && is_possible)
    })
    .await?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(text: &str) -> String {
        let email = Email::parse("ada@example.com");
        Password::parse(text, email.as_ref())
            .map_or_else(|error| error.code.into_owned(), |_| "fine".to_owned())
    }

    #[test]
    fn length_counts_characters_and_common_ones_are_refused() {
        assert_eq!(complaint("ninechars"), "too_short");
        assert_eq!(complaint("äöüäöüäöü1"), "fine");
        assert_eq!(complaint(&"tall-window-94-lamp-".repeat(6)), "fine");
        assert_eq!(complaint(&"tall-window-94-lamp-".repeat(7)), "too_long");
        assert_eq!(complaint("Password123!"), "too_common");
        assert_eq!(complaint("ada@example.COM"), "too_common");
    }

    #[test]
    fn the_stand_in_costs_as_much_as_a_real_hash() {
        let stand_in = PasswordHash::new(NOBODY).expect("it is a PHC string");
        let real = hash_now(b"a long enough secret", &[1; 16]).expect("it hashes");
        let real = PasswordHash::new(&real).expect("it is a PHC string");
        assert_eq!(stand_in.params, real.params);
        assert_eq!(
            stand_in.hash.map(|hash| hash.len()),
            real.hash.map(|hash| hash.len())
        );
    }

    #[tokio::test]
    async fn only_the_right_password_of_a_known_account_is_right() {
        let stored = hash_now(b"a long enough secret", &[1; 16]).expect("it hashes");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(
            verify(Some(stored.clone()), "a long enough secret")
                .await
                .expect("it compares")
        );
        assert!(
            !verify(Some(stored), "a long enough secreT")
                .await
                .expect("it compares")
        );
        assert!(!verify(None, "a long enough secret").await.expect("it compares"));
    }
}
