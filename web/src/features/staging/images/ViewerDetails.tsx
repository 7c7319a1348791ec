/** What the viewer says about a picture: how far it is, why it failed, how it was made. */
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCube, IconRefresh } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Credit, Image, PhotoGroup, StagingOptions } from "../../../api";
import { ago, exactly, humanize } from "../../../lib/format";
import { isRunning } from "./cache";
import { failureOf } from "./failure";
import type { PhotoActions } from "./usePhotos";
import { labelOf } from "./useStaging";
import classes from "./Viewer.module.css";

export function StatusNote({ image, actions }: { image: Image; actions: PhotoActions }) {
  if (isRunning(image)) {
    return (
      <div className={classes.status} role="status">
        {image.status === "queued"
          ? "Waiting its turn"
          : `${humanize(image.step ?? "Furnishing")} · ${image.progress} %`}
        <Button size="compact-sm" variant="white" color="dark" onClick={() => actions.cancel(image.id)}>
          Cancel
        </Button>
      </div>
    );
  }
  const failure = image.status === "error" ? failureOf(image.error) : null;
  return (
    <div className={classes.status} role="status">
      {failure && <IconAlertTriangle size={20} className={classes.bad} aria-hidden />}
      <div>
        <strong>{failure?.title ?? "Canceled"}</strong>
        {failure && <p>{failure.advice} This photo was not billed.</p>}
      </div>
      {failure?.canMark && <MarkCorners image={image} />}
      {(failure?.canRetry ?? true) && (
        <Button
          size="compact-sm"
          variant="white"
          color="dark"
          leftSection={<IconRefresh size={15} aria-hidden />}
          onClick={() => actions.retry(image.id)}
        >
          Try again
        </Button>
      )}
    </div>
  );
}

/** The way on for a photo whose room was not found. */
export function MarkCorners({ image }: { image: Image }) {
  return (
    <Button
      size="compact-sm"
      variant="white"
      color="dark"
      leftSection={<IconCube size={15} aria-hidden />}
      renderRoot={(root) => (
        <Link
          {...root}
          to="/projects/$projectId/images/$imageId/edit"
          params={{ projectId: image.project_id, imageId: image.id }}
          search={{ tool: "room" }}
        />
      )}
    >
      Mark the room’s corners
    </Button>
  );
}

type Fact = [name: string, value: string | null | undefined];

export function ImageFacts({ image, options }: { image: Image; options: StagingOptions | undefined }) {
  const engine = options?.engines.find((one) => one.id === image.engine)?.label ?? humanize(image.engine);
  const facts: Fact[] = [
    ["Style", labelOf(options?.styles, image.style)],
    ["Room", image.room_type ? labelOf(options?.room_types, image.room_type) : "Automatic"],
    ["Engine", engine],
    ["Certainty", image.confidence == null ? null : `${Math.round(image.confidence * 100)} %`],
    ["Made in", image.processing_time_ms == null ? null : exactly(image.processing_time_ms)],
    ["Seed", String(image.seed)],
    ["Version", image.version > 1 ? String(image.version) : null],
    ["Made", ago(image.created_at)],
    ["Wishes", image.prompt],
  ];
  return <Facts facts={facts} />;
}

/** Whose work the imported furniture in the picture is, in the words its licences ask for. */
export function Credits({ credits }: { credits: Credit[] }) {
  return (
    <section className={classes.credits} aria-labelledby="credits-title">
      <h3 id="credits-title">Furniture models</h3>
      <ul>
        {credits.map((credit) => (
          <li key={credit.line}>{credit.line}</li>
        ))}
      </ul>
      <p>Print these lines with the picture when you publish it; a download of the project has them too.</p>
    </section>
  );
}

export function OriginalFacts({ group: { original } }: { group: PhotoGroup }) {
  return (
    <Facts
      facts={[
        ["Size", `${original.width} × ${original.height}`],
        ["Added", ago(original.created_at)],
      ]}
    />
  );
}

function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="v-number">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
