import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError, operator } from "../../../api";
import { keys } from "../../../app/keys";
import { useTitle } from "../../../lib/useTitle";
import { toasts } from "../../../ui";
import classes from "./Operator.module.css";
import { PagedList } from "./PagedList";

export function AuditPage() {
  useTitle("Audit trail");
  const [action, setAction] = useState("");
  const [objectId, setObjectId] = useState("");
  const [given] = useDebouncedValue({ action: action.trim(), object_id: objectId.trim() }, 250);
  const [page, setPage] = useState(1);
  const filter = { action: given.action || undefined, object_id: given.object_id || undefined };
  const list = useQuery({
    queryKey: keys.audit(filter, page),
    queryFn: () => operator.audit(filter, page),
    placeholderData: keepPreviousData,
  });
  const save = useMutation({
    mutationFn: () => operator.exportAudit(filter),
    onSuccess: (text) => download("audit-log.csv", text),
    onError: (error) => toasts.show({ tone: "bad", text: asApiError(error).message }),
  });
  return (
    <>
      <div className={classes.head}>
        <div>
          <h1>Audit trail</h1>
          <p className={classes.lead}>Who did what to which thing, newest first.</p>
        </div>
        <div className={classes.actions}>
          <TextInput
            label="Action"
            placeholder="session.opened"
            value={action}
            onChange={(event) => {
              setAction(event.currentTarget.value);
              setPage(1);
            }}
          />
          <TextInput
            label="Thing"
            placeholder="Its id"
            value={objectId}
            onChange={(event) => {
              setObjectId(event.currentTarget.value);
              setPage(1);
            }}
          />
          <Button variant="default" mt={26} loading={save.isPending} onClick={() => save.mutate()}>
            Save as CSV
          </Button>
        </div>
      </div>
      <PagedList
        list={list}
        page={page}
        onPage={setPage}
        empty={{ title: "Nothing found", text: "Nothing like this was written down." }}
      >
        {(entry) => (
          <div className={classes.body}>
            <div className={classes.name}>{entry.action}</div>
            <div className={classes.detail}>
              {[
                new Date(entry.at).toLocaleString(),
                entry.email ?? "the system",
                `${entry.object_type} ${entry.object_id}`,
                entry.ip,
              ]
                .filter(Boolean)
                .join(" · ")}
            </div>
          </div>
        )}
      </PagedList>
    </>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
