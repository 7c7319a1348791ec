//! Adding and removing passkeys, and signing in with one.

use serde_json::{Value, json};
use vitrine_db::{Tx, values};
use vitrine_kernel::id::{AccountId, PasskeyId};
use vitrine_kernel::{Error, ErrorCode, Page};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey as Credential, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, WebauthnError,
};

use super::super::model::{Account, Device, SignedIn, checked_label};
use super::super::{lock, sessions, ways};
use super::model::{Passkey, Started, checked_name};
use super::relying_party::relying_party;
use super::{ceremony, letters, sql};
use crate::audit::{self, Entry};
use crate::web::{Fields, Paging};
use crate::{Actor, Ctx};

/// What a device is asked to make, for an account that is signed in.
pub async fn start_registration(ctx: &Ctx, actor: &Actor) -> Result<Started, Error> {
    actor.require_session()?;
    let party = relying_party(ctx)?;
    let id = actor.account_id;
    let row = ctx
        .db
        .fetch_one(&super::super::sql::GET_ACCOUNT, values![id])
        .await?;
    let account = Account::from_row(&row)?;
    let known = ctx
        .db
        .fetch_all(&sql::LIST_CREDENTIAL_IDS, values![id])
        .await?
        .iter()
        .map(|row| Ok(row.get::<Vec<u8>>("credential_id")?))
        .collect::<Result<Vec<_>, Error>>()?;
    let (question, state) = party
        .start_passkey_registration(id.0, &account.email, &account.full_name, Some(known))
        .map_err(broken)?;
    let token = ceremony::keep(ctx, Some(id), &state).await?;
    let mut public_key = options(&question)?;
    // The device has to find the passkey by itself when nobody has said yet who signs in.
    public_key["authenticatorSelection"]["residentKey"] = json!("required");
    public_key["authenticatorSelection"]["requireResidentKey"] = json!(true);
    Ok(Started { token, public_key })
}

/// Keeps what the device made.
pub async fn finish_registration(
    ctx: &Ctx,
    actor: &Actor,
    token: &str,
    name: &str,
    answer: Value,
) -> Result<Passkey, Error> {
    actor.require_session()?;
    let party = relying_party(ctx)?;
    let mut fields = Fields::new();
    let name = fields.require(
        checked_name(name).ok(),
        "name",
        "invalid",
        "Must have 1 to 100 characters.",
    );
    let answer: Option<RegisterPublicKeyCredential> = serde_json::from_value(answer).ok();
    let answer = fields.require(answer, "credential", "invalid", "This is no answer of a device.");
    let (Some(name), Some(answer)) = (name, answer) else {
        return Err(fields.into_error());
    };
    let account = actor.account_id;
    let state: PasskeyRegistration = ceremony::take(ctx, Some(account), token).await?;
    let credential = party
        .finish_passkey_registration(&answer, &state)
        .map_err(|error| {
            Error::field("credential", "refused", "The device's answer does not fit.").with_source(error)
        })?;
    let passkey = Passkey {
        id: ctx.id(),
        name,
        created_at: ctx.now(),
        last_used_at: None,
    };
    let mut tx = ctx.db.begin().await?;
    let row = values![
        passkey.id,
        account,
        &passkey.name,
        credential.cred_id().to_vec(),
        written(&credential)?,
        passkey.created_at,
    ];
    match tx.execute_one(&sql::INSERT_PASSKEY, row).await {
        Err(error) if error.is_unique("passkeys_credential_key") => {
            return Err(Error::conflict("This passkey is in use already."));
        }
        other => other?,
    }
    let details = json!({ "name": passkey.name });
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "passkey.added",
        "passkey",
        passkey.id,
        Some(details),
    )
    .await?;
    letters::send(&mut tx, ctx, account, &passkey.name, true).await?;
    tx.commit().await?;
    Ok(passkey)
}

/// What devices are asked when somebody signs in; each finds its own passkey.
pub async fn start_login(ctx: &Ctx) -> Result<Started, Error> {
    let party = relying_party(ctx)?;
    let (question, state) = party.start_discoverable_authentication().map_err(broken)?;
    let token = ceremony::keep(ctx, None, &state).await?;
    Ok(Started {
        token,
        public_key: options(&question)?,
    })
}

/// Opens a session for the owner of a passkey. The device has checked its owner, so there is no second factor.
pub async fn finish_login(
    ctx: &Ctx,
    token: &str,
    answer: Value,
    mut device: Device,
) -> Result<SignedIn, Error> {
    device.label = checked_label(device.label.as_deref())?;
    let party = relying_party(ctx)?;
    let answer: PublicKeyCredential = serde_json::from_value(answer)
        .map_err(|_| Error::field("credential", "invalid", "This is no answer of a device."))?;
    let state: DiscoverableAuthentication = ceremony::take(ctx, None, token).await?;
    let (claimed, credential_id) = party
        .identify_discoverable_authentication(&answer)
        .map_err(refused)?;

    let mut tx = ctx.db.begin().await?;
    let held = values![credential_id, ctx.now()];
    let Some(row) = tx.fetch_optional(&sql::HOLD_PASSKEY, held).await? else {
        return Err(unknown());
    };
    let (id, account_id): (PasskeyId, AccountId) = (row.get("id")?, row.get("account_id")?);
    if claimed != account_id.0 {
        return Err(unknown());
    }
    let mut credential: Credential = serde_json::from_str(&row.get::<String>("credential")?)
        .map_err(|error| Error::internal("passkeys.credential cannot be read").with_source(error))?;
    let result =
        match party.finish_discoverable_authentication_v2(&answer, state, DiscoverableKey::from(&credential))
        {
            Ok(result) => result,
            Err(error) => {
                drop(tx);
                note_refusal(ctx, id, account_id, &device, &error).await?;
                return Err(refused(error));
            }
        };
    if credential.update_credential(&result) == Some(true) {
        tx.execute_one(&sql::SET_CREDENTIAL, values![id, written(&credential)?])
            .await?;
    }
    let row = tx
        .fetch_one(&super::super::sql::GET_PASSWORD, values![account_id])
        .await?;
    lock::clear(&mut tx, &row.get::<String>("email_key")?).await?;
    let row = tx
        .fetch_one(&super::super::sql::GET_ACCOUNT, values![account_id])
        .await?;
    write(&mut tx, ctx, "passkey.used", id, account_id, &device, None).await?;
    let signed_in = sessions::open(&mut tx, ctx, Account::from_row(&row)?, &device).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// Passkeys of the actor.
pub async fn list(ctx: &Ctx, actor: &Actor, paging: &Paging) -> Result<Page<Passkey>, Error> {
    actor.require_session()?;
    let values = values![actor.account_id];
    let (page, rows) = paging.fetch(&ctx.db, &sql::LIST_PASSKEYS, values).await?.split();
    let passkeys: Vec<Passkey> = rows.iter().map(Passkey::from_row).collect::<Result<_, _>>()?;
    Ok(page.with_items(passkeys))
}

/// One passkey of the actor.
pub async fn get(ctx: &Ctx, actor: &Actor, id: PasskeyId) -> Result<Passkey, Error> {
    actor.require_session()?;
    let row = ctx
        .db
        .fetch_optional(&sql::GET_PASSKEY, values![id, actor.account_id])
        .await?
        .ok_or_else(Error::not_found)?;
    Ok(Passkey::from_row(&row)?)
}

/// Gives a passkey another name.
pub async fn rename(ctx: &Ctx, actor: &Actor, id: PasskeyId, name: &str) -> Result<Passkey, Error> {
    actor.require_session()?;
    let name = checked_name(name)?;
    let mut tx = ctx.db.begin().await?;
    let row = tx
        .fetch_optional(&sql::RENAME_PASSKEY, values![id, actor.account_id, name])
        .await?
        .ok_or_else(Error::not_found)?;
    let passkey = Passkey::from_row(&row)?;
    tx.commit().await?;
    Ok(passkey)
}

/// Takes a passkey away; the sessions it opened go on. The last way into an account stays.
pub async fn delete(ctx: &Ctx, actor: &Actor, id: PasskeyId) -> Result<(), Error> {
    actor.require_session()?;
    let mut tx = ctx.db.begin().await?;
    ways::hold(&mut tx, actor.account_id).await?;
    let row = tx
        .fetch_optional(&sql::DELETE_PASSKEY, values![id, actor.account_id])
        .await?
        .ok_or_else(Error::not_found)?;
    ways::require_one(&mut tx, ctx, actor.account_id).await?;
    let name: String = row.get("name")?;
    let details = json!({ "name": name });
    audit::record(
        &mut tx,
        ctx,
        Some(actor),
        "passkey.removed",
        "passkey",
        id,
        Some(details),
    )
    .await?;
    letters::send(&mut tx, ctx, actor.account_id, &name, false).await?;
    Ok(tx.commit().await?)
}

/// The part of a question that `navigator.credentials` takes as `publicKey`.
fn options(question: &impl serde::Serialize) -> Result<Value, Error> {
    serde_json::to_value(question)
        .map(|mut question| question["publicKey"].take())
        .map_err(|error| {
            Error::internal("could not write the options of a passkey ceremony").with_source(error)
        })
}

fn written(credential: &Credential) -> Result<String, Error> {
    serde_json::to_string(credential)
        .map_err(|error| Error::internal("could not write a passkey").with_source(error))
}

fn broken(error: WebauthnError) -> Error {
    Error::internal("could not begin a passkey ceremony").with_source(error)
}

/// Unknown passkeys and answers that do not fit are the same to whoever tries.
fn unknown() -> Error {
    Error::new(
        ErrorCode::InvalidCredentials,
        "This passkey does not open any account here.",
    )
}

fn refused(error: WebauthnError) -> Error {
    unknown().with_context(error.to_string())
}

/// A passkey that is known was used wrongly; a counter that went back may be a copy of the device.
async fn note_refusal(
    ctx: &Ctx,
    id: PasskeyId,
    account_id: AccountId,
    device: &Device,
    error: &WebauthnError,
) -> Result<(), Error> {
    let is_copy = matches!(error, WebauthnError::CredentialPossibleCompromise);
    let details = json!({ "may_be_copied": is_copy });
    let mut tx = ctx.db.begin().await?;
    write(
        &mut tx,
        ctx,
        "passkey.refused",
        id,
        account_id,
        device,
        Some(&details),
    )
    .await?;
    Ok(tx.commit().await?)
}

async fn write(
    tx: &mut Tx,
    ctx: &Ctx,
    action: &'static str,
    id: PasskeyId,
    account_id: AccountId,
    device: &Device,
    details: Option<&Value>,
) -> Result<(), Error> {
    let entry = Entry {
        action,
        object_type: "passkey",
        object_id: id.to_string(),
        workspace_id: None,
        account_id: Some(account_id),
        ip: device.ip,
        details,
    };
    audit::write(tx, ctx, entry).await
}
