import { Button, NativeSelect } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type AdminJob, type AdminJobStatus, asApiError, operator } from "../../../api";
import { keys } from "../../../app/keys";
import { ago, humanize } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { toasts } from "../../../ui";
import classes from "./Operator.module.css";
import { PagedList } from "./PagedList";

const FILTERS: { value: AdminJobStatus | ""; label: string }[] = [
  { value: "dead", label: "Gave up" },
  { value: "retrying", label: "Trying again" },
  { value: "running", label: "Running" },
  { value: "queued", label: "Waiting" },
  { value: "", label: "All" },
];

export function JobsPage() {
  useTitle("Jobs");
  const [status, setStatus] = useState<AdminJobStatus | "">("dead");
  const [page, setPage] = useState(1);
  const list = useQuery({
    queryKey: keys.adminJobs(status, page),
    queryFn: () => operator.jobs(status || undefined, page),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <div className={classes.head}>
        <div>
          <h1>Jobs</h1>
          <p className={classes.lead}>Work in the background that gave up waits here for somebody to look.</p>
        </div>
        <NativeSelect
          label="Show"
          value={status}
          data={FILTERS}
          onChange={(event) => {
            setStatus(event.currentTarget.value as AdminJobStatus | "");
            setPage(1);
          }}
        />
      </div>
      <PagedList
        list={list}
        page={page}
        onPage={setPage}
        empty={{ title: "Nothing here", text: "No job is in this state." }}
      >
        {(job) => <JobRow job={job} />}
      </PagedList>
    </>
  );
}

function JobRow({ job }: { job: AdminJob }) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: keys.allAdminJobs });
  const failed = (error: unknown) => toasts.show({ tone: "bad", text: asApiError(error).message });
  const retry = useMutation({
    mutationFn: () => operator.retryJob(job.id),
    onError: failed,
    onSettled: refresh,
  });
  const discard = useMutation({
    mutationFn: () => operator.discardJob(job.id),
    onError: failed,
    onSettled: refresh,
  });
  return (
    <>
      <div className={classes.body}>
        <div className={classes.name}>{job.kind}</div>
        <div className={classes.detail}>
          {[
            humanize(job.status),
            `attempt ${job.attempt} of ${job.max_attempts}`,
            job.error?.message,
            ago(job.finished_at ?? job.created_at),
          ]
            .filter(Boolean)
            .join(" · ")}
        </div>
      </div>
      {job.status === "dead" && (
        <div className={classes.actions}>
          <Button size="xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
            Try again
          </Button>
          <Button size="xs" variant="default" loading={discard.isPending} onClick={() => discard.mutate()}>
            Discard
          </Button>
        </div>
      )}
    </>
  );
}
