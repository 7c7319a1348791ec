import { NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type AdminWorkspace, asApiError, operator } from "../../../api";
import { keys } from "../../../app/keys";
import { ago, humanize, plural } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { toasts } from "../../../ui";
import classes from "./Operator.module.css";
import { PagedList } from "./PagedList";

const PLANS = ["free", "starter", "pro", "business", "unlimited"];

export function WorkspacesPage() {
  useTitle("Workspaces");
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 250);
  const [page, setPage] = useState(1);
  const list = useQuery({
    queryKey: keys.adminWorkspaces(search, page),
    queryFn: () => operator.workspaces(search, page),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <div className={classes.head}>
        <div>
          <h1>Workspaces</h1>
          <p className={classes.lead}>A change of the plan counts at once.</p>
        </div>
        <TextInput
          label="Search"
          placeholder="Name or address"
          value={text}
          maxLength={100}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setPage(1);
          }}
        />
      </div>
      <PagedList
        list={list}
        page={page}
        onPage={setPage}
        empty={{ title: "None found", text: "No workspace has this name." }}
      >
        {(workspace) => <WorkspaceRow workspace={workspace} />}
      </PagedList>
    </>
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
