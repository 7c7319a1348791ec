/** Up to three good arrangements of this room, each as a small picture; the floor plan stands in until it is there. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type Arrangement, type RoomBox, type Scene, scenes } from "../../../api";
import { humanize, plural } from "../../../lib/format";
import { ErrorState } from "../../../ui";
import { extentOf } from "./model";
import classes from "./Panel.module.css";
import { footprint } from "./projection";
import type { Editor } from "./useEditor";
import { usePictureUrl } from "./usePictureUrl";
import { useArrangements } from "./useScene";

export function ArrangementsPanel({ scene, editor }: { scene: Scene; editor: Editor }) {
  const plans = useArrangements(scene.image_id, scene.version);
  // One picture after the other: the server has few places for them, and the editor's own preview needs one.
  const [turn, setTurn] = useState(0);
  if (plans.isPending) {
    return (
      <div className={classes.stack} role="status" aria-label="Loading arrangements">
        {[0, 1, 2].map((n) => (
          <Skeleton key={n} height={206} />
        ))}
      </div>
    );
  }
  if (plans.isError) {
    return (
      <ErrorState
        error={plans.error}
        title="No arrangements came back"
        onRetry={() => void plans.refetch()}
      />
    );
  }
  if (plans.data.length === 0) return <p className={classes.hint}>No other arrangement fits this room.</p>;
  const current = editor.draft.furniture;
  return (
    <>
      <p className={classes.hint}>Three ways to furnish this room. Taking one can be undone.</p>
      <ul className={classes.stack}>
        {plans.data.map((plan, n) => (
          <li key={plan.index}>
            <button
              type="button"
              className={classes.plan}
              aria-pressed={current === plan.furniture}
              onClick={() => editor.arrange(plan.furniture, plan.index, `Arrangement ${plan.index + 1}`)}
            >
              <PlanPicture
                scene={scene}
                plan={plan}
                isOn={n <= turn}
                onDone={() => setTurn((old) => Math.max(old, n + 1))}
              />
              <span className={classes.planText}>
                <strong>Arrangement {plan.index + 1}</strong>
                <span className={classes.rowSub}>
                  {plural(plan.furniture.length, "piece")}
                  {plan.palette && ` · ${humanize(plan.palette)}`}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function PlanPicture(props: { scene: Scene; plan: Arrangement; isOn: boolean; onDone: () => void }) {
  const { scene, plan, onDone } = props;
  const picture = useQuery({
    queryKey: ["arrangements", scene.image_id, scene.version, plan.index],
    queryFn: ({ signal }) =>
      scenes.preview(scene.image_id, { furniture: plan.furniture, width: 480 }, signal),
    enabled: props.isOn,
    staleTime: Number.POSITIVE_INFINITY,
    retry: 4,
  });
  const isDone = picture.isSuccess || picture.isError;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once, when this picture's turn is over
  useEffect(() => {
    if (isDone) onDone();
  }, [isDone]);
  const url = usePictureUrl(picture.data?.picture);
  return (
    <span className={classes.planPicture} style={{ aspectRatio: `${scene.width} / ${scene.height}` }}>
      {url ? <img src={url} alt="" /> : <FloorPlan room={scene.room} plan={plan} />}
    </span>
  );
}

/** Seen from above, the camera at the lower edge. */
function FloorPlan({ room, plan }: { room: RoomBox; plan: Arrangement }) {
  const { left, right, back } = extentOf(room);
  const points = (ring: [number, number][]) => ring.map(([x, z]) => `${x},${-z}`).join(" ");
  return (
    <svg viewBox={`${left - 0.2} ${-back - 0.2} ${right - left + 0.4} ${back + 0.4}`} aria-hidden="true">
      <rect x={left} y={-back} width={right - left} height={back} className={classes.planFloor} />
      {plan.furniture.map((piece) => (
        <polygon key={piece.id} points={points(footprint(piece))} className={classes.planPiece} />
      ))}
    </svg>
  );
}
