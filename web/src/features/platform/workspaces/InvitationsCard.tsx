import { Button, Select, Skeleton, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError, type Invitation, type Workspace, type WorkspaceRole, workspaces } from "../../../api";
import { keys } from "../../../app/keys";
import { ago, day } from "../../../lib/format";
import { ErrorState, toasts } from "../../../ui";
import { FormAlert } from "../accounts/FormAlert";
import { checkEmail } from "../accounts/useAuthForm";
import { ROLES, roleLabel } from "./useWorkspaces";
import classes from "./Workspaces.module.css";

const INVITED_AS = ROLES.filter((one) => one.value !== "owner");

export function InvitationsCard({ workspace }: { workspace: Workspace }) {
  const list = useQuery({
    queryKey: keys.invitations(workspace.id),
    queryFn: () => workspaces.invitations(workspace.id),
  });
  return (
    <section className={classes.card} aria-labelledby="invitations">
      <h2 id="invitations">Invite people</h2>
      <InviteForm workspace={workspace} />
      {list.isPending && <Skeleton mt="md" h={56} />}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && list.data.items.length > 0 && (
        <>
          <h3 className={classes.lead}>Waiting for an answer</h3>
          <ul className={classes.list}>
            {list.data.items.map((one) => (
              <InvitationRow key={one.id} workspace={workspace} invitation={one} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function useRefresh(id: string) {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: keys.workspace(id) });
}

function InviteForm({ workspace }: { workspace: Workspace }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<WorkspaceRole>("editor");
  const [wrong, setWrong] = useState<string>();
  const refresh = useRefresh(workspace.id);
  const invite = useMutation({
    mutationFn: () => workspaces.invite(workspace.id, { email: email.trim(), role }),
    meta: { silent: true },
    onSuccess: (sent) => {
      setEmail("");
      toasts.show({ tone: "good", text: `An invitation is on its way to ${sent.email}.` });
      void refresh();
    },
  });
  const problem = invite.error ? asApiError(invite.error) : null;
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = checkEmail(email);
        setWrong(found);
        if (!found) invite.mutate();
      }}
    >
      <FormAlert problem={problem && problem.fields.length === 0 ? problem : null} />
      <div className={classes.inline}>
        <TextInput
          className={classes.grow}
          label="E-mail of the person"
          type="email"
          autoComplete="off"
          value={email}
          error={wrong ?? problem?.field("email")}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Select
          className={classes.role}
          label="Role"
          size="md"
          allowDeselect={false}
          data={INVITED_AS.map(({ value, label }) => ({ value, label }))}
          value={role}
          onChange={(value) => value && setRole(value as WorkspaceRole)}
        />
        <Button type="submit" size="md" loading={invite.isPending}>
          Invite
        </Button>
      </div>
      <p className={classes.note}>
        {ROLES.find((one) => one.value === role)?.can}. The link works for seven days.
      </p>
    </form>
  );
}

function InvitationRow({ workspace, invitation }: { workspace: Workspace; invitation: Invitation }) {
  const refresh = useRefresh(workspace.id);
  const resend = useMutation({
    mutationFn: () => workspaces.resend(workspace.id, invitation.id),
    onSuccess: () => toasts.show({ tone: "good", text: `Sent again to ${invitation.email}.` }),
    onSettled: refresh,
  });
  const revoke = useMutation({
    mutationFn: () => workspaces.revoke(workspace.id, invitation.id),
    onSettled: refresh,
  });
  return (
    <li className={classes.row}>
      <span className={classes.who}>
        <span>
          {invitation.email}
          {invitation.is_expired && <span className={`${classes.tag} ${classes.late}`}>Expired</span>}
        </span>
        <small>
          {roleLabel(invitation.role)} · sent {ago(invitation.sent_at)}
          {!invitation.is_expired && ` · works until ${day(invitation.expires_at)}`}
        </small>
      </span>
      <Button
        variant="subtle"
        size="sm"
        loading={resend.isPending}
        aria-label={`Send the invitation to ${invitation.email} again`}
        onClick={() => resend.mutate()}
      >
        Send again
      </Button>
      <Button
        variant="subtle"
        color="brick"
        size="sm"
        loading={revoke.isPending}
        aria-label={`Take the invitation to ${invitation.email} back`}
        onClick={() => revoke.mutate()}
      >
        Take back
      </Button>
    </li>
  );
}
