/** The workspaces one belongs to, and which of them the pages are about. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import {
  chooseWorkspace,
  chosenWorkspace,
  type Workspace,
  type WorkspaceRole,
  workspaces,
} from "../../../api";
import { keys } from "../../../app/keys";

export const ROLES: { value: WorkspaceRole; label: string; can: string }[] = [
  { value: "viewer", label: "Viewer", can: "Looks at everything" },
  { value: "editor", label: "Editor", can: "Makes and changes things" },
  { value: "admin", label: "Admin", can: "Also manages members" },
  { value: "owner", label: "Owner", can: "Also pays and hands over" },
];

export const roleLabel = (role: WorkspaceRole): string =>
  ROLES.find((one) => one.value === role)?.label ?? role;

export const isAtLeast = (role: WorkspaceRole, least: WorkspaceRole): boolean => {
  const rank = (wanted: WorkspaceRole) => ROLES.findIndex((one) => one.value === wanted);
  return rank(role) >= rank(least);
};

/** Everything on screen belongs to one workspace, uploads and the live stream included: the page starts afresh. */
export function switchTo(workspace: Workspace): void {
  chooseWorkspace(workspace.is_personal ? null : workspace.id);
  window.location.assign("/");
}

export function useWorkspaces() {
  const list = useQuery({ queryKey: keys.workspaces, queryFn: workspaces.list, staleTime: 60_000 });
  const items = list.data?.items ?? [];
  // As of when the page was opened: a choice made since then starts the page afresh and is not in this list yet.
  const [chosen] = useState(chosenWorkspace);
  const personal = items.find((one) => one.is_personal);
  const current = items.find((one) => one.id === chosen) ?? personal;
  const isLost = list.isSuccess && chosen !== null && current?.id !== chosen;
  useEffect(() => {
    // One was taken out of it, or it is gone: back to one's own.
    if (isLost && personal) switchTo(personal);
  }, [isLost, personal]);
  return { list, items, current };
}
