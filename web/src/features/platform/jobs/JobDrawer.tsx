/** What is running, waiting and over; each job can be canceled or tried again from here. */
import { ActionIcon, Drawer, Progress, Skeleton, Tooltip } from "@mantine/core";
import { IconArmchair, IconPhoto, IconRefresh, IconSettings, IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Job, jobs } from "../../../api";
import { keys } from "../../../app/keys";
import { ago, exactly, humanize } from "../../../lib/format";
import { EmptyRoomArt, EmptyState, ErrorState } from "../../../ui";
import classes from "./JobDrawer.module.css";
import { isUnderWay, useJobs } from "./useJobs";

export function JobDrawer({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const list = useJobs();
  const items = list.data?.items ?? [];
  const underWay = items.filter(isUnderWay);
  const over = items.filter((job) => !isUnderWay(job));

  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size={420}
      title="Activity"
      closeButtonProps={{ "aria-label": "Close activity" }}
      classNames={{ title: classes.drawerTitle }}
    >
      {list.isPending && [1, 2, 3].map((n) => <Skeleton key={n} h={64} mb={10} />)}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <EmptyState
          art={<EmptyRoomArt width={220} />}
          title="All quiet"
          text="Photos being prepared and rooms being furnished show up here."
        />
      )}
      {underWay.length > 0 && <JobList title="Under way" items={underWay} />}
      {over.length > 0 && <JobList title="Earlier" items={over} />}
    </Drawer>
  );
}

function JobList({ title, items }: { title: string; items: Job[] }) {
  return (
    <section className={classes.section}>
      <h3 className={classes.heading}>{title}</h3>
      <ul className={classes.list}>
        {items.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
    </section>
  );
}

function JobRow({ job }: { job: Job }) {
  const client = useQueryClient();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.jobs });
    void client.invalidateQueries({ queryKey: keys.allPhotos });
  };
  const cancel = useMutation({ mutationFn: () => jobs.cancel(job.id), onSettled: refresh });
  const retry = useMutation({ mutationFn: () => jobs.retry(job.id), onSettled: refresh });
  const Icon = iconOf(job.kind);
  return (
    <li className={classes.job} data-status={job.status}>
      <span className={classes.icon}>
        <Icon size={19} stroke={1.7} aria-hidden />
      </span>
      <div className={classes.body}>
        <div className={classes.name}>{nameOf(job.kind)}</div>
        <div className={classes.detail}>{detailOf(job)}</div>
        {job.status === "running" && (
          <Progress
            value={job.progress}
            size={4}
            mt={6}
            aria-label={`${nameOf(job.kind)}, ${job.progress} percent`}
          />
        )}
      </div>
      {isUnderWay(job) && (
        <Tooltip label="Cancel">
          <ActionIcon aria-label="Cancel job" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            <IconX size={18} />
          </ActionIcon>
        </Tooltip>
      )}
      {job.status === "dead" && (
        <Tooltip label="Try again">
          <ActionIcon aria-label="Try job again" loading={retry.isPending} onClick={() => retry.mutate()}>
            <IconRefresh size={18} />
          </ActionIcon>
        </Tooltip>
      )}
    </li>
  );
}

const NAMES: Record<string, string> = {
  "staging.stage_image": "Furnishing a room",
  "staging.prepare_original": "Preparing a photo",
};

function nameOf(kind: string): string {
  return NAMES[kind] ?? humanize(kind.split(".").at(-1) ?? kind);
}

function iconOf(kind: string) {
  if (kind.includes("image") || kind.includes("stage_")) return IconArmchair;
  return kind.includes("original") ? IconPhoto : IconSettings;
}

function detailOf(job: Job): string {
  switch (job.status) {
    case "queued":
      return job.queue_position == null ? "Waiting" : `Waiting, number ${job.queue_position} in line`;
    case "running":
      return `${job.step ? humanize(job.step) : "Running"} · ${job.progress} %`;
    case "retrying":
      return `Trying again soon (attempt ${job.attempt} of ${job.max_attempts})`;
    case "done": {
      const took =
        job.started_at && job.finished_at
          ? ` in ${exactly(Date.parse(job.finished_at) - Date.parse(job.started_at))}`
          : "";
      return `Done${took} · ${ago(job.finished_at ?? job.created_at)}`;
    }
    case "canceled":
      return `Canceled · ${ago(job.finished_at ?? job.created_at)}`;
    case "dead":
      return job.error?.message ?? "Failed";
  }
}
