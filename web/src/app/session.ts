/** The session as the pages need it: known before the first page, watched ever after. */
import { useSyncExternalStore } from "react";
import { accounts, type SessionState, session, type User } from "../api";
import { keys } from "./keys";
import { queryClient } from "./query";

export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, session.snapshot);
}

/** For pages behind the door; there always is somebody. */
export function useUser(): User | null {
  const state = useSession();
  return state.status === "signed_in" ? state.user : null;
}

/** Uses the refresh cookie once per page load. */
export async function isSignedIn(): Promise<boolean> {
  const { status } = session.snapshot();
  if (status === "signed_in") return true;
  if (status === "signed_out") return false;
  return session.refresh();
}

/** The account is about to be deleted; only the way back is open. */
export function isLeaving(): boolean {
  const state = session.snapshot();
  return state.status === "signed_in" && state.user.deletion_at != null;
}

export function isSetupNeeded(): Promise<boolean> {
  return queryClient.fetchQuery({
    queryKey: keys.setup,
    queryFn: accounts.setupNeeded,
    staleTime: 60_000,
    retry: 1,
  });
}
