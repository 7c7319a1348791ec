import { Button, Skeleton, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError, workspaces } from "../../../api";
import { keys } from "../../../app/keys";
import { plural } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { ErrorState, toasts } from "../../../ui";
import { DeleteCard } from "./DeleteCard";
import { InvitationsCard } from "./InvitationsCard";
import { MembersCard } from "./MembersCard";
import { isAtLeast, useWorkspaces } from "./useWorkspaces";
import classes from "./Workspaces.module.css";

/** Who belongs to the workspace one is in, and what it is called. */
export function WorkspacePage() {
  useTitle("Workspace");
  const { list, current } = useWorkspaces();
  const id = current?.id ?? "";
  const details = useQuery({
    queryKey: keys.workspace(id),
    queryFn: () => workspaces.get(id),
    enabled: id !== "",
  });
  const failed = list.error ?? details.error;
  if (failed) {
    return (
      <ErrorState error={failed} onRetry={() => void (list.error ? list.refetch() : details.refetch())} />
    );
  }
  const workspace = details.data;
  if (!workspace) {
    return (
      <div className={classes.page} aria-busy="true">
        <Skeleton h={42} w={260} />
        <Skeleton h={120} radius="lg" />
        <Skeleton h={220} radius="lg" />
      </div>
    );
  }
  const isAdmin = isAtLeast(workspace.role, "admin");
  const { used, limit } = workspace.seats;
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1>{workspace.name}</h1>
        <span className={classes.seats}>
          {limit == null ? plural(used, "seat") : `${used} of ${plural(limit, "seat")} taken`}
        </span>
      </div>
      {isAdmin && <NameCard key={workspace.id} id={workspace.id} name={workspace.name} />}
      <MembersCard workspace={workspace} />
      {isAdmin && !workspace.is_personal && <InvitationsCard workspace={workspace} />}
      {workspace.role === "owner" && !workspace.is_personal && <DeleteCard workspace={workspace} />}
      {workspace.is_personal && (
        <p className={classes.note}>
          This is your personal workspace; it stays your own. Make a new workspace from the menu at the top to
          work with others.
        </p>
      )}
    </div>
  );
}

function NameCard({ id, name }: { id: string; name: string }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(name);
  const rename = useMutation({
    mutationFn: () => workspaces.rename(id, draft.trim()),
    meta: { silent: true },
    onSuccess: (changed) => {
      client.setQueryData(keys.workspace(id), changed);
      void client.invalidateQueries({ queryKey: keys.workspaces });
      toasts.show({ tone: "good", text: "The workspace has a new name." });
    },
  });
  const problem = rename.error ? asApiError(rename.error) : null;
  return (
    <section className={classes.card} aria-labelledby="name">
      <h2 id="name">Name</h2>
      <form
        className={classes.inline}
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate();
        }}
      >
        <TextInput
          className={classes.grow}
          aria-labelledby="name"
          maxLength={100}
          value={draft}
          error={problem?.field("name") ?? problem?.message}
          onChange={(event) => setDraft(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          loading={rename.isPending}
          disabled={!draft.trim() || draft.trim() === name}
        >
          Rename
        </Button>
      </form>
    </section>
  );
}
