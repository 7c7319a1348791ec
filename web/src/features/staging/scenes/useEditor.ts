/** The editor's state: the draft with its history, what is selected, and everything hands can do to it. */
import { useCallback, useMemo, useReducer, useRef, useState } from "react";
import type { CatalogueItem, Furniture, Print, Redecoration, Scene, StraightenedScene } from "../../../api";
import { humanize } from "../../../lib/format";
import { distance } from "../../../lib/lengths";
import { add, hang } from "./adding";
import { moveCorner } from "./corners";
import { describeMove, nameOf, placeOf, sizeOnWall } from "./describe";
import { historyReducer, isDirty, startHistory } from "./history";
import type { CornerName, Draft, Px, Vec3 } from "./model";
import * as moves from "./moves";
import { frameSize, reframed } from "./prints";
import { backCorners } from "./projection";
import { floorLabel, paintLabel } from "./surfaces";
import { useAnnouncer } from "./useAnnouncer";
import { draftOf, seenCorners } from "./useScene";
import { useSolver } from "./useSolver";

export function useEditor(scene: Scene) {
  const [history, dispatch] = useReducer(historyReducer, scene, (first) => startHistory(draftOf(first)));
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const [isDragging, setDragging] = useState(false);
  const { text: announcement, say, saySoon } = useAnnouncer();
  const solver = useSolver(scene.image_id, (how) => dispatch({ type: "amend", how }));
  const { solve, forget } = solver;

  const draft = history.present;
  const now = useRef(draft);
  now.current = draft;
  /** The piece as it was when the present run of moves began. */
  const began = useRef<Furniture | null>(null);

  const find = useCallback((id: string) => now.current.furniture.find((piece) => piece.id === id), []);

  const edit = useCallback(
    (how: (list: Furniture[], draft: Draft) => Furniture[], group?: string) =>
      dispatch({
        type: "change",
        group,
        how: (old) => {
          const furniture = how(old.furniture, old);
          return furniture === old.furniture ? old : { ...old, furniture };
        },
      }),
    [],
  );

  const isHeld = useRef(false);
  /** The camera when a drag began: corners follow each other by it, not by what every answer makes of it. */
  const heldCamera = useRef<Draft["camera"]>(null);
  /** The end of a run of moves: it becomes one step, told in one sentence. */
  const rest = useCallback((): string | null => {
    if (isHeld.current) return null;
    const before = began.current;
    const after = before && find(before.id);
    began.current = null;
    dispatch({ type: "settle" });
    if (!before || !after) return null;
    const { room } = now.current;
    return describeMove(before, after, room) ?? `${nameOf(after)} stays, ${placeOf(after, room)}`;
  }, [find]);

  /** One of a run of small changes to a piece. */
  const shift = useCallback(
    (id: string, how: (list: Furniture[], draft: Draft) => Furniture[]) => {
      if (began.current?.id !== id) began.current = find(id) ?? null;
      edit(how, `piece ${id}`);
      saySoon(rest);
    },
    [edit, find, rest, saySoon],
  );

  const actions = useMemo(
    () => ({
      select: (id: string | null) => setSelectedId(id),
      settle: () => dispatch({ type: "settle" }),
      startDrag: () => {
        dispatch({ type: "settle" });
        began.current = null;
        isHeld.current = true;
        heldCamera.current = now.current.camera;
        setDragging(true);
      },
      endDrag: () => {
        isHeld.current = false;
        heldCamera.current = null;
        setDragging(false);
        saySoon(rest);
      },

      moveBy: (id: string, by: Vec3) => shift(id, (list, { room }) => moves.moveBy(list, id, by, room)),
      moveTo: (id: string, pixel: Px) =>
        shift(id, (list, { room, camera }) => moves.moveToPixel(list, id, pixel, room, camera)),
      turnBy: (id: string, by: 1 | -1) => shift(id, (list, { room }) => moves.turnBy(list, id, by, room)),
      turnTowards: (id: string, spot: Vec3, isFree: boolean) =>
        shift(id, (list, { room }) => {
          const piece = list.find((one) => one.id === id);
          return piece ? moves.turnTo(list, id, moves.yawTowards(piece, spot, isFree), room) : list;
        }),

      recolour: (id: string, color: string | null) => {
        edit((list) => moves.recolour(list, id, color), `colour ${id}`);
        const piece = find(id);
        saySoon(() => {
          dispatch({ type: "settle" });
          return piece ? `${nameOf(piece)} ${color ? "recoloured" : "has its own colours again"}` : null;
        });
      },
      swap: (id: string, to: CatalogueItem) => {
        const piece = find(id);
        edit((list, { room }) => moves.swap(list, id, to, room));
        if (piece) say(`${nameOf(piece)} swapped for ${to.name}`);
      },
      remove: (id: string) => {
        const piece = find(id);
        edit((list) => moves.remove(list, id));
        setSelectedId(null);
        if (piece) say(`${nameOf(piece)} removed`);
      },
      add: (item: CatalogueItem, beside: string | null) => {
        const { room, camera, furniture } = now.current;
        const added = add(furniture, item, room, camera, beside);
        edit(() => added.list);
        setSelectedId(added.id);
        const piece = added.list.find((one) => one.id === added.id);
        if (piece) say(`${nameOf(piece)} added, ${placeOf(piece, room)}`);
      },
      /** A picture of one's own, to be seen on the wall. */
      hang: (print: Print, aspect: number, style: string) => {
        const { room, camera, furniture } = now.current;
        const size = frameSize(aspect < 1 ? 0.5 : 0.8, print, aspect);
        const added = hang(furniture, { ...print, aspect }, size, style, room, camera);
        edit(() => added.list);
        setSelectedId(added.id);
        const piece = added.list.find((one) => one.id === added.id);
        if (piece) say(`Your picture hangs ${placeOf(piece, room)}`);
      },
      reframe: (id: string, patch: Parameters<typeof reframed>[2]) => {
        edit((list, { room }) => reframed(list, id, patch, room), `print ${id}`);
        saySoon(() => {
          dispatch({ type: "settle" });
          const piece = find(id);
          return piece ? `Framed print, ${sizeOnWall(piece)}` : null;
        });
      },
      arrange: (furniture: Furniture[], plan: number, name: string) => {
        dispatch({ type: "change", how: (old) => ({ ...old, furniture, plan }) });
        setSelectedId(null);
        say(`${name} put in`);
      },

      /** Another floor or other walls; `null` brings back the photo's. A run of changes is one step. */
      redecorate: (patch: Partial<Redecoration>) => {
        const group = `surfaces ${Object.keys(patch).join()}`;
        dispatch({
          type: "change",
          group,
          how: (old) => ({ ...old, redecoration: { ...old.redecoration, ...patch } }),
        });
        saySoon(() => {
          dispatch({ type: "settle" });
          return surfaceWords(patch);
        });
      },

      /** The photo turned level, or as it was taken: other pixels, the same metres. */
      straighten: (turned: StraightenedScene, asked: Draft) => {
        // It is of the room that was asked about, and of no other.
        if (asked.camera !== now.current.camera || asked.room !== now.current.room) {
          say("The room was changed meanwhile, so the photo stays as it is");
          return;
        }
        forget();
        const { room } = turned;
        const camera = { ...turned.camera, picture_px: asked.camera.picture_px };
        const from = turned.straightened.from ?? null;
        const corners = seenCorners({ ...turned, camera });
        dispatch({
          type: "change",
          how: (old) => ({ ...old, camera, room, corners, isSolved: true, straightenedFrom: from }),
        });
        say(from ? "Verticals straightened" : "The photo as it was taken");
      },
      /** A scene that was saved but never shown, as a change of the present one. */
      takeUp: (lost: Scene) => {
        forget();
        began.current = null;
        dispatch({ type: "change", how: () => draftOf(lost) });
        setSelectedId(null);
        say(`Version ${lost.version} is in your hands again`);
      },

      moveCorner: (name: CornerName, to: Px) => {
        const corners = moveCorner(now.current.corners, name, to, heldCamera.current ?? now.current.camera);
        dispatch({ type: "change", group: `corner ${name}`, how: (old) => ({ ...old, corners }) });
        solve(corners, name, now.current);
        saySoon(() => {
          const { room, isSolved } = now.current;
          const where = `${humanize(name)} corner at ${Math.round(to[0])}, ${Math.round(to[1])}`;
          return isSolved
            ? `${where}. Back wall ${distance(room.back_m ?? 0)} away`
            : `${where}. No room fits yet`;
        });
      },
      /** The same room in other metres. */
      setCameraHeight: (height: number) =>
        dispatch({
          type: "change",
          group: "camera height",
          how: (old) => scaled(old, height / old.room.camera_height_m),
        }),
      setCeilingHeight: (height: number) =>
        dispatch({ type: "change", group: "ceiling height", how: (old) => ceilinged(old, height) }),

      undo: () => {
        forget();
        began.current = null;
        dispatch({ type: "undo" });
        say("Undone");
      },
      redo: () => {
        forget();
        began.current = null;
        dispatch({ type: "redo" });
        say("Done again");
      },
      markSaved: (what: Draft) => dispatch({ type: "saved", draft: what }),
      refuse: (still: Scene) => dispatch({ type: "refused", draft: draftOf(still) }),
      load: (next: Scene) => {
        forget();
        began.current = null;
        dispatch({ type: "load", draft: draftOf(next) });
      },
      say,
    }),
    [edit, find, forget, rest, say, saySoon, shift, solve],
  );

  const selected = draft.furniture.find((piece) => piece.id === selectedId) ?? null;
  return {
    draft,
    saved: history.saved,
    isDirty: isDirty(history),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    selected,
    isDragging,
    announcement,
    solveError: solver.error,
    ...actions,
  };
}

export type Editor = ReturnType<typeof useEditor>;

function surfaceWords({ floor, walls }: Partial<Redecoration>): string {
  if (floor !== undefined)
    return floor ? `Floor in ${floorLabel(floor).toLowerCase()}` : "Floor as photographed";
  return walls ? `Walls in ${paintLabel(walls)}` : "Walls as photographed";
}

function scaled(draft: Draft, factor: number): Draft {
  const room = moves.scaleRoom(draft.room, factor);
  return { ...draft, room, furniture: moves.refit(draft.furniture, draft, { camera: draft.camera, room }) };
}

/** A ceiling in the picture measures everything else; one that is only assumed stands for itself. */
function ceilinged(draft: Draft, height: number): Draft {
  if (draft.room.ceiling_seen) return scaled(draft, height / draft.room.ceiling_height_m);
  const room = { ...draft.room, ceiling_height_m: height };
  return { ...draft, room, corners: { ...backCorners(draft.camera, room), ...floorCorners(draft) } };
}

function floorCorners({ corners }: Draft) {
  const { back_left_floor, back_right_floor } = corners;
  return { back_left_floor, back_right_floor };
}
