/** Every saved state of the picture; an older one can be shown again and becomes the newest. */
import { Badge, Button, Skeleton } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type Scene, scenes } from "../../../api";
import { ago, exactly, plural } from "../../../lib/format";
import { ErrorState } from "../../../ui";
import classes from "./Panel.module.css";
import { useVersions } from "./useScene";

type Props = {
  imageId: string;
  /** A picture is being made, or a version is on its way back. */
  isBusy: boolean;
  onRestore: (version: number) => void;
  /** A version that never got a picture goes on as an unsaved change. */
  onTakeUp: (lost: Scene) => void;
};

export function VersionsPanel({ imageId, isBusy, onRestore, onTakeUp }: Props) {
  const takingUp = useMutation({
    mutationFn: (version: number) => scenes.version(imageId, version),
    onSuccess: onTakeUp,
  });
  const versions = useVersions(imageId);
  if (versions.isPending) {
    return (
      <div className={classes.stack} role="status" aria-label="Loading versions">
        {[0, 1, 2].map((n) => (
          <Skeleton key={n} height={84} />
        ))}
      </div>
    );
  }
  if (versions.isError) return <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />;
  if (versions.data.length === 0) {
    return (
      <div className={classes.empty}>
        <IconHistory size={32} stroke={1.3} aria-hidden />
        <p>Nothing saved yet. Every save becomes a version you can return to.</p>
      </div>
    );
  }
  return (
    <ul className={classes.stack}>
      {versions.data.map((one) => (
        <li key={one.version} className={classes.version} aria-label={`Version ${one.version}`}>
          {one.urls.thumb ? (
            <img src={one.urls.thumb} alt="" loading="lazy" />
          ) : (
            <span className={classes.noThumb} />
          )}
          <span className={classes.rowText}>
            <strong>Version {one.version}</strong>
            <span className={`${classes.rowSub} v-number`}>
              {ago(one.created_at)} · {plural(one.furniture_count, "piece")}
            </span>
            {one.status === "failed" && <span className={classes.rowSub}>No picture was made</span>}
            {one.processing_time_ms != null && (
              <span className={`${classes.rowSub} v-number`}>made in {exactly(one.processing_time_ms)}</span>
            )}
          </span>
          {one.status === "failed" ? (
            <Button
              size="compact-sm"
              variant="default"
              loading={takingUp.isPending && takingUp.variables === one.version}
              aria-label={`Take up version ${one.version} again`}
              onClick={() => takingUp.mutate(one.version)}
            >
              Take up again
            </Button>
          ) : one.current ? (
            <Badge variant="light" color="glass">
              {isBusy && !one.urls.thumb ? "Rendering" : "Shown"}
            </Badge>
          ) : (
            <Button
              size="compact-sm"
              variant="default"
              disabled={isBusy}
              aria-label={`Restore version ${one.version}`}
              onClick={() => onRestore(one.version)}
            >
              Restore
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
