//! A device for passkeys made of software: an ES256 key, the bytes of WebAuthn level 2, no attestation.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const HAS_CREDENTIAL: u8 = 0x40;

/// Everything about an answer that a test may want to be wrong is a public field.
pub struct Authenticator {
    pkcs8: Vec<u8>,
    credential_id: Vec<u8>,
    /// Base64 of the account the passkey is for, as the server said it.
    pub user_handle: String,
    /// Where the browser says it is.
    pub origin: String,
    /// For which site the device signs.
    pub rp_id: String,
    /// Counts the signatures, by `step` each time; passkeys that are kept in a cloud do not count.
    pub counter: u32,
    pub step: u32,
    /// Whether it checked its owner, by a finger or a code.
    pub is_verified: bool,
}

fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A byte string of CBOR shorter than 64 KiB.
fn cbor_bytes(bytes: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(bytes.len()).expect("it is short").to_be_bytes();
    [&[0x59, high, low], bytes].concat()
}

impl Authenticator {
    pub fn new(origin: &str, rp_id: &str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random)
            .expect("a key can be made")
            .as_ref()
            .to_vec();
        Self {
            credential_id: Sha256::digest(&pkcs8).to_vec(),
            pkcs8,
            user_handle: String::new(),
            origin: origin.to_owned(),
            rp_id: rp_id.to_owned(),
            counter: 0,
            step: 1,
            is_verified: true,
        }
    }

    fn key(&self) -> EcdsaKeyPair {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.pkcs8, &SystemRandom::new())
            .expect("the key was made above")
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }

    fn authenticator_data(&self, more_flags: u8) -> Vec<u8> {
        let verified = if self.is_verified { USER_VERIFIED } else { 0 };
        let mut data = Sha256::digest(self.rp_id.as_bytes()).to_vec();
        data.push(USER_PRESENT | verified | more_flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// Answers `navigator.credentials.create`.
    pub fn create(&mut self, options: &Value) -> Value {
        self.user_handle = options["user"]["id"].as_str().expect("a user").to_owned();
        self.counter += self.step;
        let key = self.key();
        // 4, x, y
        let point = key.public_key().as_ref();
        // {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
        let cose = [
            &[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21],
            &cbor_bytes(&point[1..33])[..],
            &[0x22],
            &cbor_bytes(&point[33..65]),
        ]
        .concat();
        let length = u16::try_from(self.credential_id.len())
            .expect("it is short")
            .to_be_bytes();
        let data = [
            &self.authenticator_data(HAS_CREDENTIAL)[..],
            &[0; 16],
            &length,
            &self.credential_id,
            &cose,
        ]
        .concat();
        // {"fmt": "none", "attStmt": {}, "authData": …}
        let attestation = [
            &b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData"[..],
            &cbor_bytes(&data),
        ]
        .concat();
        let client_data = self.client_data("webauthn.create", options);
        json!({
            "id": base64(&self.credential_id), "rawId": base64(&self.credential_id), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": { "credProps": { "rk": true } },
            "response": {
                "clientDataJSON": base64(&client_data), "attestationObject": base64(&attestation),
                "authenticatorData": base64(&data), "publicKeyAlgorithm": -7, "transports": ["internal"],
            },
        })
    }

    /// Answers `navigator.credentials.get`.
    pub fn get(&mut self, options: &Value) -> Value {
        self.counter += self.step;
        let data = self.authenticator_data(0);
        let client_data = self.client_data("webauthn.get", options);
        let signed = [&data[..], &Sha256::digest(&client_data)].concat();
        let signature = self.key().sign(&SystemRandom::new(), &signed).expect("it signs");
        json!({
            "id": base64(&self.credential_id), "rawId": base64(&self.credential_id), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64(&client_data), "authenticatorData": base64(&data),
                "signature": base64(signature.as_ref()), "userHandle": self.user_handle,
            },
        })
    }
}
