/**
 * Passkeys between the server's JSON and the browser's bytes. Written out, because the browser's own
 * `parse…FromJSON` and `toJSON` are missing in browsers that people still use.
 */

type Json = Record<string, unknown>;

/** The person closed the device's dialog, or let it time out. */
export class PasskeyCanceled extends Error {
  constructor() {
    super("Nothing was chosen. Try again when you are ready.");
    this.name = "PasskeyCanceled";
  }
}

export const isPasskeySupported = (): boolean =>
  typeof globalThis.PublicKeyCredential === "function" && globalThis.isSecureContext === true;

export function fromBase64Url(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
}

export function toBase64Url(bytes: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const withBytes = (list: unknown): PublicKeyCredentialDescriptor[] =>
  ((list ?? []) as Json[]).map((one) => ({ ...one, id: fromBase64Url(one.id as string) }) as never);

export function creationOptions(json: Json): PublicKeyCredentialCreationOptions {
  const user = json.user as Json;
  return {
    ...json,
    challenge: fromBase64Url(json.challenge as string),
    user: { ...user, id: fromBase64Url(user.id as string) },
    excludeCredentials: withBytes(json.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
}

export function requestOptions(json: Json): PublicKeyCredentialRequestOptions {
  return {
    ...json,
    challenge: fromBase64Url(json.challenge as string),
    allowCredentials: withBytes(json.allowCredentials),
  } as PublicKeyCredentialRequestOptions;
}

function plain(credential: PublicKeyCredential, response: Json): Json {
  return {
    id: credential.id,
    rawId: toBase64Url(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response,
  };
}

/** Lets the device make a passkey. */
export async function create(options: Json): Promise<Json> {
  const credential = await ask(() => navigator.credentials.create({ publicKey: creationOptions(options) }));
  const response = credential.response as AuthenticatorAttestationResponse;
  return plain(credential, {
    clientDataJSON: toBase64Url(response.clientDataJSON),
    attestationObject: toBase64Url(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  });
}

/** Lets the device sign with a passkey it has for this site. */
export async function get(options: Json): Promise<Json> {
  const credential = await ask(() => navigator.credentials.get({ publicKey: requestOptions(options) }));
  const response = credential.response as AuthenticatorAssertionResponse;
  return plain(credential, {
    clientDataJSON: toBase64Url(response.clientDataJSON),
    authenticatorData: toBase64Url(response.authenticatorData),
    signature: toBase64Url(response.signature),
    userHandle: response.userHandle ? toBase64Url(response.userHandle) : null,
  });
}

async function ask(question: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let answer: Credential | null;
  try {
    answer = await question();
  } catch (cause) {
    throw explained(cause);
  }
  if (!answer) throw new PasskeyCanceled();
  return answer as PublicKeyCredential;
}

function explained(cause: unknown): unknown {
  if (!(cause instanceof DOMException)) return cause;
  if (cause.name === "NotAllowedError" || cause.name === "AbortError") return new PasskeyCanceled();
  if (cause.name === "InvalidStateError")
    return new Error("This device has a passkey for your account already.");
  if (cause.name === "SecurityError")
    return new Error(
      `Passkeys do not work at ${location.host}. Open this site by its name; on this computer, as localhost.`,
    );
  return new Error("This device could not use a passkey here.");
}
