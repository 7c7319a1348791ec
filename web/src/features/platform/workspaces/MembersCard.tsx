import { Button, Modal, Select, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Member, type Workspace, type WorkspaceRole, workspaces } from "../../../api";
import { keys } from "../../../app/keys";
import { ago } from "../../../lib/format";
import { ErrorState } from "../../../ui";
import { isAtLeast, ROLES, roleLabel } from "./useWorkspaces";
import classes from "./Workspaces.module.css";

export function MembersCard({ workspace }: { workspace: Workspace }) {
  const members = useQuery({
    queryKey: keys.members(workspace.id),
    queryFn: () => workspaces.members(workspace.id),
  });
  return (
    <section className={classes.card} aria-labelledby="members">
      <h2 id="members">Members</h2>
      {members.isPending && <Skeleton h={64} />}
      {members.isError && <ErrorState error={members.error} onRetry={() => void members.refetch()} />}
      <ul className={classes.list}>
        {members.data?.items.map((member) => (
          <MemberRow key={member.account_id} workspace={workspace} member={member} />
        ))}
      </ul>
    </section>
  );
}

function MemberRow({ workspace, member }: { workspace: Workspace; member: Member }) {
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: keys.workspace(workspace.id) }),
      client.invalidateQueries({ queryKey: keys.workspaces }),
    ]);
  const setRole = useMutation({
    mutationFn: (role: WorkspaceRole) => workspaces.setRole(workspace.id, member.account_id, role),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: () => workspaces.removeMember(workspace.id, member.account_id),
    onSuccess: () => setAsking(false),
    onSettled: refresh,
  });
  // Owners are changed by owners only; everybody may leave.
  const mayChange =
    isAtLeast(workspace.role, "admin") && (member.role !== "owner" || workspace.role === "owner");
  const choices = ROLES.filter((one) => one.value !== "owner" || workspace.role === "owner");
  const mayRemove = !workspace.is_personal && (mayChange || member.is_you);
  const verb = member.is_you ? "Leave" : "Remove";
  return (
    <li className={classes.row}>
      <span className={classes.who}>
        <span>
          {member.full_name}
          {member.is_you && <span className={classes.tag}>You</span>}
        </span>
        <small>
          {member.email} · since {ago(member.created_at)}
        </small>
      </span>
      {mayChange && !workspace.is_personal ? (
        <Select
          className={classes.role}
          aria-label={`Role of ${member.full_name}`}
          allowDeselect={false}
          comboboxProps={{ withinPortal: true }}
          data={choices.map(({ value, label }) => ({ value, label }))}
          value={setRole.isPending ? setRole.variables : member.role}
          disabled={setRole.isPending}
          onChange={(role) => role && setRole.mutate(role as WorkspaceRole)}
        />
      ) : (
        <span className={classes.note}>{roleLabel(member.role)}</span>
      )}
      {mayRemove && (
        <Button
          variant="subtle"
          color="brick"
          size="sm"
          aria-label={member.is_you ? "Leave the workspace" : `Remove ${member.full_name}`}
          onClick={() => setAsking(true)}
        >
          {verb}
        </Button>
      )}
      <Modal
        opened={isAsking}
        onClose={() => setAsking(false)}
        closeButtonProps={{ "aria-label": "Close" }}
        title={member.is_you ? `Leave ${workspace.name}?` : `Remove ${member.full_name}?`}
      >
        <div className={classes.form}>
          <p>
            {member.is_you
              ? "You will no longer see its rooms, and your API keys for it are deleted. What you made stays."
              : "They will no longer see the workspace's rooms, and their API keys for it are deleted. What they made stays."}
          </p>
          <div className={classes.actions}>
            <Button variant="default" onClick={() => setAsking(false)}>
              Cancel
            </Button>
            <Button color="brick" loading={remove.isPending} onClick={() => remove.mutate()}>
              {verb}
            </Button>
          </div>
        </div>
      </Modal>
    </li>
  );
}
