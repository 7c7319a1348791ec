import { NativeSelect } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type AdminWorkspace, asApiError, operator } from "../../../api";
import { keys } from "../../../app/keys";
import { ago, humanize, plural } from "../../../lib/format";
import { toasts } from "../../../ui";
import classes from "./Operator.module.css";
import { SearchedList } from "./SearchedList";

const PLANS = ["free", "starter", "pro", "business", "unlimited"];

export function WorkspacesPage() {
  return (
    <SearchedList
      title="Workspaces"
      lead="A change of the plan counts at once."
      queryKey={keys.adminWorkspaces}
      queryFn={operator.workspaces}
      empty={{ title: "None found", text: "No workspace has this name." }}
    >
      {(workspace) => <WorkspaceRow workspace={workspace} />}
    </SearchedList>
  );
}

function WorkspaceRow({ workspace }: { workspace: AdminWorkspace }) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (plan: string) => operator.setPlan(workspace.id, plan),
    onSuccess: (after) =>
      toasts.show({ tone: "good", text: `${after.name} is on ${humanize(after.plan)} now.` }),
    onError: (error) => toasts.show({ tone: "bad", text: asApiError(error).message }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.allAdminWorkspaces }),
  });
  return (
    <>
      <div className={classes.body}>
        <div className={classes.name}>{workspace.name}</div>
        <div className={classes.detail}>
          {[
            workspace.personal_email ? `personal, ${workspace.personal_email}` : "shared",
            plural(workspace.member_count, "member"),
            `made ${ago(workspace.created_at)}`,
          ].join(" · ")}
        </div>
      </div>
      <NativeSelect
        aria-label={`Plan of ${workspace.name}`}
        value={workspace.plan}
        disabled={change.isPending}
        data={PLANS.map((plan) => ({ value: plan, label: humanize(plan) }))}
        onChange={(event) => change.mutate(event.currentTarget.value)}
      />
    </>
  );
}
