/**
 * Who is signed in. The access token lives in this module's memory only; the refresh token is an HttpOnly
 * cookie that scripts never see. The one surprise: refresh tokens rotate, so two refreshes at once would
 * look like theft. Calls inside a tab share one flight, tabs take turns through a web lock, and a 409
 * (another tab was faster) is answered by one more try with the cookie that tab received.
 */
import type { AuthTokens, User } from "./model";
import { ApiError, networkError, problemFrom } from "./problem";

export type SessionState =
  | { status: "unknown" }
  | { status: "signed_out" }
  | { status: "signed_in"; user: User };

/** Refresh this long before the access token ends, so that a request does not have to fail first. */
const EARLY_MS = 15_000;
const CONFLICT_WAIT_MS = 250;

export type SessionDeps = {
  fetch: (input: Request) => Promise<Response>;
  now: () => number;
  wait: (ms: number) => Promise<void>;
  /** Runs one refresh at a time over all tabs of this browser. */
  exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  origin: () => string;
};

export class SessionKeeper {
  private state: SessionState = { status: "unknown" };
  private token: string | null = null;
  private expiresAt = 0;
  private flight: Promise<boolean> | null = null;
  private listeners = new Set<() => void>();

  constructor(private deps: SessionDeps) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): SessionState => this.state;

  accept(tokens: AuthTokens): void {
    this.token = tokens.access_token;
    this.expiresAt = this.deps.now() + tokens.expires_in * 1000;
    this.set({ status: "signed_in", user: tokens.user });
  }

  /** The person took another name. */
  rename(full_name: string): void {
    if (this.state.status !== "signed_in") return;
    this.set({ status: "signed_in", user: { ...this.state.user, full_name } });
  }

  forget(): void {
    this.token = null;
    this.expiresAt = 0;
    if (this.state.status !== "signed_out") this.set({ status: "signed_out" });
  }

  /** True when a fresh access token is at hand. Never two refreshes at once. */
  refresh(): Promise<boolean> {
    this.flight ??= this.deps
      .exclusively(() => this.refreshOnce(true))
      .finally(() => {
        this.flight = null;
      });
    return this.flight;
  }

  /** `fetch` with the bearer token; refreshes and repeats once when the token is no longer good. */
  fetch = async (request: Request): Promise<Response> => {
    if (isOpenRoute(request.url)) return this.send(request, false);
    const isStale = !this.token || this.deps.now() > this.expiresAt - EARLY_MS;
    // Somebody who is known to be signed out reads what is public without asking for a session each time.
    if (isStale && this.state.status !== "signed_out") await this.refresh();
    const again = request.clone();
    const response = await this.send(request, true);
    if (response.status !== 401) return response;
    return (await this.refresh()) ? this.send(again, true) : response;
  };

  private async send(request: Request, withToken: boolean): Promise<Response> {
    if (withToken && this.token) request.headers.set("Authorization", `Bearer ${this.token}`);
    try {
      return await this.deps.fetch(request);
    } catch (cause) {
      if (request.signal.aborted) throw cause;
      throw networkError(cause);
    }
  }

  private async refreshOnce(mayRetry: boolean): Promise<boolean> {
    const response = await this.send(
      new Request(`${this.deps.origin()}/api/v1/auth/refresh`, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json" },
        body: "{}",
      }),
      false,
    );
    if (response.ok) {
      this.accept((await response.json()) as AuthTokens);
      return true;
    }
    if (response.status === 409 && mayRetry) {
      await this.deps.wait(CONFLICT_WAIT_MS);
      return this.refreshOnce(false);
    }
    if (response.status >= 500 || response.status === 429) {
      throw problemFrom(response, await response.json().catch(() => null));
    }
    this.forget();
    return false;
  }

  private set(state: SessionState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

/** Routes that answer 401 for reasons of their own, or need no account. */
function isOpenRoute(url: string): boolean {
  const path = new URL(url).pathname.replace(/^\/api\/v1/, "");
  return (
    path === "/setup" ||
    /^\/auth\/(login|register|refresh|logout|token|mfa|oidc|passkeys\/login\/(start|finish))$/.test(path)
  );
}

function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return work();
  return locks.request("vitrine-refresh", work) as Promise<T>;
}

export const session = new SessionKeeper({
  fetch: (request) => globalThis.fetch(request),
  now: () => Date.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  exclusively,
  origin: () => globalThis.location.origin,
});

/** Tells other tabs of this browser that the person signed out, and hears it from them. */
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("vitrine-session");

export function announceSignOut(): void {
  channel?.postMessage("signed_out");
}

channel?.addEventListener("message", (event) => {
  if (event.data === "signed_out") session.forget();
});

export { ApiError };
