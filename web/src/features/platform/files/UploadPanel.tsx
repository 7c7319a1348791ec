/** One row per photo on its way up, one line for all of them. */
import { ActionIcon, Button, Progress, Tooltip, UnstyledButton } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCheck,
  IconChevronDown,
  IconCopyCheck,
  IconPhoto,
  IconRefresh,
  IconX,
} from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { bytes, plural, roughly, speed } from "../../../lib/format";
import { isEnded, isPending, summarize, type UploadItem, type UploadSummary } from "./queue";
import classes from "./UploadPanel.module.css";
import { uploads, useUploads } from "./uploads";

/** Rows that went well leave by themselves after this long, once nothing else is going on. */
const LINGER_MS = 5000;

export function useProjectUploads(projectId: string): UploadItem[] {
  return useUploads().filter((item) => item.projectId === projectId && item.state !== "canceled");
}

export function UploadPanel({ projectId }: { projectId: string }) {
  const items = useProjectUploads(projectId);
  const [isOpen, setOpen] = useState(true);
  const sum = summarize(items);
  const isSettled = sum.pending === 0;
  const doneIds = items
    .filter((item) => item.state === "done")
    .map((item) => item.id)
    .join(" ");

  useEffect(() => {
    if (!isSettled || !doneIds) return;
    const timer = setTimeout(() => uploads.dismiss(doneIds.split(" ")), LINGER_MS);
    return () => clearTimeout(timer);
  }, [isSettled, doneIds]);

  if (items.length === 0) return null;
  const percent = sum.totalBytes > 0 ? Math.floor((sum.sentBytes / sum.totalBytes) * 100) : 100;

  return (
    <section className={classes.panel} aria-label="Uploads">
      <div className={classes.head}>
        <UnstyledButton
          className={classes.toggle}
          aria-expanded={isOpen}
          onClick={() => setOpen((open) => !open)}
        >
          <IconChevronDown
            size={18}
            className={classes.chevron}
            data-open={isOpen || undefined}
            aria-hidden
          />
          <span className={classes.title}>{headline(sum)}</span>
        </UnstyledButton>
        <span className={`${classes.rate} v-number`}>{rate(sum)}</span>
        {sum.retryable > 0 && (
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<IconRefresh size={15} aria-hidden />}
            onClick={() => uploads.retryAll(projectId)}
          >
            {sum.retryable > 1 ? "Retry all failed" : "Retry failed"}
          </Button>
        )}
        {items.some(isPending) ? (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            onClick={() => uploads.cancel(items.filter(isPending).map((item) => item.id))}
          >
            Cancel all
          </Button>
        ) : (
          items.some(isEnded) && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              onClick={() => uploads.dismiss(items.map((item) => item.id))}
            >
              Clear
            </Button>
          )
        )}
      </div>
      {!isSettled && (
        <Progress value={percent} size={3} radius={0} aria-label={`Uploaded ${percent} percent`} />
      )}
      <output className={classes.hidden}>{isSettled ? headline(sum) : ""}</output>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list must scroll by keyboard
        <ul className={classes.rows} tabIndex={0} aria-label="Photos on their way">
          {items.map((item) => (
            <UploadRow key={item.id} item={item} />
          ))}
        </ul>
      )}
    </section>
  );
}

function UploadRow({ item }: { item: UploadItem }) {
  const percent = item.sizeBytes > 0 ? Math.floor((item.sentBytes / item.sizeBytes) * 100) : 0;
  return (
    <li className={classes.row} data-state={item.state}>
      <span className={classes.preview}>
        {item.preview && item.failure?.code !== "not_a_photo" ? (
          <img src={item.preview} alt="" loading="lazy" decoding="async" />
        ) : (
          <IconPhoto size={20} aria-hidden />
        )}
      </span>
      <div className={classes.body}>
        <div className={classes.line}>
          <span className={classes.name} title={item.name}>
            {item.name}
          </span>
          <span className={`${classes.state} v-number`}>{stateText(item, percent)}</span>
        </div>
        {item.failure ? (
          <div className={classes.reason}>{item.failure.message}</div>
        ) : (
          <Progress
            value={item.state === "queued" || item.state === "hashing" ? 0 : percent}
            size={4}
            color={item.state === "duplicate" ? "lamp" : "glass"}
            animated={item.state === "processing"}
            striped={item.state === "processing"}
            aria-label={`${item.name}, ${percent} percent`}
          />
        )}
      </div>
      <span className={classes.mark}>
        {item.state === "done" && <IconCheck size={19} className={classes.good} aria-hidden />}
        {item.state === "duplicate" && <IconCopyCheck size={19} className={classes.same} aria-hidden />}
        {item.state === "failed" &&
          (item.failure?.canRetry ? (
            <Tooltip label="Try again">
              <ActionIcon aria-label={`Try ${item.name} again`} onClick={() => uploads.retry([item.id])}>
                <IconRefresh size={18} />
              </ActionIcon>
            </Tooltip>
          ) : (
            <IconAlertTriangle size={19} className={classes.bad} aria-hidden />
          ))}
        {isPending(item) && (
          <Tooltip label="Cancel">
            <ActionIcon aria-label={`Cancel ${item.name}`} onClick={() => uploads.cancel([item.id])}>
              <IconX size={18} />
            </ActionIcon>
          </Tooltip>
        )}
      </span>
    </li>
  );
}

function stateText(item: UploadItem, percent: number): string {
  switch (item.state) {
    case "queued":
      return item.resumed ? "Continues soon" : "Waiting";
    case "hashing":
      return "Checking";
    case "uploading":
      return item.speed > 0
        ? `${percent} % of ${bytes(item.sizeBytes)} · ${speed(item.speed)}`
        : `${percent} % of ${bytes(item.sizeBytes)}`;
    case "processing":
      return "Preparing";
    case "done":
      return bytes(item.sizeBytes);
    case "duplicate":
      return "Already there";
    case "failed":
      return "Failed";
    case "canceled":
      return "Canceled";
  }
}

function headline(sum: UploadSummary): string {
  if (sum.pending > 0 && sum.sentBytes === sum.totalBytes) return `Preparing ${plural(sum.pending, "photo")}`;
  if (sum.pending > 0) return `Uploading ${sum.total - sum.pending + 1} of ${plural(sum.total, "photo")}`;
  const parts = [
    sum.done > 0 && `${sum.done} added`,
    sum.duplicate > 0 && `${sum.duplicate} already there`,
    sum.failed > 0 && `${sum.failed} failed`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(" · ") : "Uploads";
}

function rate(sum: UploadSummary): string {
  if (sum.pending === 0 || sum.speed === 0) return "";
  const left = sum.secondsLeft === null ? "" : ` · ${roughly(Math.max(1, sum.secondsLeft))} left`;
  return `${speed(sum.speed)}${left}`;
}
