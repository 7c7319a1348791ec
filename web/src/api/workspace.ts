/**
 * Which workspace the pages are about. Requests name it in a header; without a choice the server takes the
 * personal one. What belongs to the account itself is asked without it, so that a workspace that was lost
 * cannot lock anybody out.
 */
const KEY = "vitrine-workspace";
const OF_THE_ACCOUNT = /^\/api\/v1\/(auth\/(?!me$)|user|workspaces|invitations)/;

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

let chosen = read();

/** The chosen workspace's id; null is the personal one. */
export function chosenWorkspace(): string | null {
  return chosen;
}

export function chooseWorkspace(id: string | null): void {
  chosen = id;
  try {
    if (id) localStorage.setItem(KEY, id);
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage the choice holds until the page is left.
  }
}

/** For the client: names the workspace of a request. */
export function nameWorkspace(request: Request): Request {
  if (chosen && !OF_THE_ACCOUNT.test(new URL(request.url).pathname)) {
    request.headers.set("X-Workspace-Id", chosen);
  }
  return request;
}
