/** The editor with everything loaded: stage, panel, saving, and the doors in and out. */
import { Tabs, VisuallyHidden } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Image, Original, Scene, SceneChange, StagingOptions } from "../../../api";
import { humanize } from "../../../lib/format";
import { useUnits } from "../../../lib/lengths";
import { isRunning } from "../images/cache";
import { ShortcutSheet } from "../images/ShortcutSheet";
import { labelOf } from "../images/useStaging";
import { ArrangementsPanel } from "./ArrangementsPanel";
import { CataloguePanel } from "./CataloguePanel";
import { ConflictDialog, LeaveDialog, RestoreDialog } from "./Dialogs";
import classes from "./Editor.module.css";
import { EditorHead } from "./EditorHead";
import { HangPicture } from "./HangPicture";
import { PIECE_HINT } from "./PieceLayer";
import { PiecePanel } from "./PiecePanel";
import { RoomPanel } from "./RoomPanel";
import { Stage, type Tool } from "./Stage";
import { SurfacesPanel } from "./SurfacesPanel";
import { commandOf, shortcuts } from "./shortcuts";
import { useBarePhoto } from "./useBarePhoto";
import { useEditor } from "./useEditor";
import { usePreview } from "./usePreview";
import { useSaving } from "./useSaving";
import { VersionsPanel } from "./VersionsPanel";

type Props = {
  projectId: string;
  image: Image;
  original: Original;
  scene: Scene;
  options: StagingOptions | undefined;
  tool: Tool;
  onTool: (tool: Tool) => void;
};

type Tab = "pieces" | "add" | "arrangements" | "versions";

export function EditorContent(props: Props) {
  const { image, original, scene, tool, onTool } = props;
  // Everything below writes lengths.
  useUnits();
  const editor = useEditor(scene);
  const saving = useSaving(image, scene, editor);
  const [tab, setTab] = useState<Tab>("pieces");
  const [isSheetOpen, setSheetOpen] = useState(true);
  const [isPeeking, setPeeking] = useState(false);
  const [hasDoor, setDoor] = useState(true);
  const [isHelp, setHelp] = useState(false);
  const [stagePx, setStagePx] = useState(0);
  const [restoring, setRestoring] = useState<number | null>(null);
  const [stagedShown, setStagedShown] = useState<string | null>(null);

  const running = isRunning(image);
  /** No furniture was ever put in: the engine plans once it knows the room. */
  const isUnplanned = saving.isUnplanned;
  const staged = image.status === "ready" ? (image.urls.staged ?? null) : null;
  const isPictureOld =
    editor.isDirty || running || (staged !== null && stagedShown !== staged && saving.wasSaved);

  const { draft } = editor;
  // A room without furniture and other walls is the photo itself.
  const isBare = draft.furniture.length === 0 && !draft.redecoration.floor && !draft.redecoration.walls;
  const bare = useBarePhoto(image, original, draft.straightenedFrom, editor.saved);
  const wanted = useMemo<SceneChange | null>(() => {
    if (!isPictureOld || tool === "room" || isBare || !draft.isSolved) return null;
    const { camera, room, furniture, redecoration } = draft;
    return { camera, room, furniture, redecoration, straightened: { from: draft.straightenedFrom } };
  }, [draft, isBare, isPictureOld, tool]);
  const preview = usePreview(scene.image_id, wanted, stagePx, editor.isDragging);

  const onRestore = (version: number) => {
    if (editor.isDirty) setRestoring(version);
    else saving.restore(version);
  };
  const select = editor.select;
  // Only the tool that moves furniture has a piece in hand.
  useEffect(() => {
    if (tool !== "furniture") select(null);
  }, [tool, select]);
  // The room is found and furnished: on with the furniture.
  const wasUnplanned = useRef(isUnplanned);
  useEffect(() => {
    if (wasUnplanned.current && image.status === "ready") onTool("furniture");
    wasUnplanned.current = isUnplanned || (wasUnplanned.current && image.status !== "ready");
  }, [image.status, isUnplanned, onTool]);
  const selectedId = editor.selected?.id;
  useEffect(() => {
    if (selectedId) setTab((old) => (old === "add" ? old : "pieces"));
  }, [selectedId]);

  // A change made while the last one is rendered takes its place; a room without furniture waits for the engine's.
  const isReady = running ? editor.isDirty && !isBare : editor.isDirty || isUnplanned;
  const canSave = draft.isSolved && isReady;
  const onKeys = useRef<(event: KeyboardEvent) => void>(() => {});
  onKeys.current = (event) => {
    const command = isHelp ? null : commandOf(event);
    if (!command) return;
    event.preventDefault();
    if (command === "undo") editor.undo();
    else if (command === "redo") editor.redo();
    else if (command === "help") setHelp(true);
    else if (command === "peek") setPeeking((on) => !on);
    else if (canSave && !saving.isSending) saving.save();
  };
  useEffect(() => {
    const down = (event: KeyboardEvent) => onKeys.current(event);
    window.addEventListener("keydown", down);
    return () => window.removeEventListener("keydown", down);
  }, []);

  const style = labelOf(props.options?.styles, image.style);
  const room = image.room_type ? labelOf(props.options?.room_types, image.room_type) : null;
  const note = running ? (
    <Rendering image={image} />
  ) : preview.error ? (
    <span className={classes.chip} data-tone="bad" role="status">
      No preview: {preview.error}
    </span>
  ) : preview.ms !== null && tool !== "room" ? (
    <span className={`${classes.chip} ${classes.quiet} v-number`}>Preview · {preview.ms} ms</span>
  ) : null;

  return (
    <div className={classes.editor}>
      <EditorHead
        editor={editor}
        projectId={props.projectId}
        imageId={image.id}
        title={original.filename}
        subtitle={[style, room, `version ${image.version}`].filter(Boolean).join(" · ")}
        tool={tool}
        onTool={onTool}
        isPeeking={isPeeking}
        onPeek={setPeeking}
        onShortcuts={() => setHelp(true)}
        save={{
          label: isUnplanned ? "Stage this room" : "Save",
          isOff: !canSave,
          isBusy: saving.isSending,
          run: saving.save,
        }}
      />
      <main className={classes.stage} aria-label="Picture">
        <Stage
          editor={editor}
          tool={tool}
          photo={scene}
          pictures={{
            original: bare,
            staged: isPictureOld && isBare ? null : staged,
            preview: preview.url,
          }}
          alt={`${original.filename}, ${tool === "room" ? "as photographed" : "furnished"}`}
          isPeeking={isPeeking}
          hasDoor={hasDoor}
          onStagedShown={setStagedShown}
          onWidth={setStagePx}
          note={note}
        />
      </main>
      <aside className={classes.panel} data-closed={!isSheetOpen || undefined} aria-label="Tools">
        <button
          type="button"
          className={classes.grip}
          aria-expanded={isSheetOpen}
          aria-label={isSheetOpen ? "Make the tools smaller" : "Make the tools larger"}
          onClick={() => setSheetOpen((open) => !open)}
        />
        {tool === "room" ? (
          <div className={classes.body}>
            <RoomPanel editor={editor} isNeeded={isUnplanned} hasDoor={hasDoor} onDoor={setDoor} />
          </div>
        ) : tool === "surfaces" ? (
          <div className={classes.body}>
            <SurfacesPanel editor={editor} imageId={image.id} />
          </div>
        ) : (
          <Tabs
            value={tab}
            onChange={(next) => {
              setTab((next as Tab | null) ?? "pieces");
              setSheetOpen(true);
            }}
            keepMounted={false}
            className={classes.tabs}
          >
            <Tabs.List grow>
              <Tabs.Tab value="pieces">Pieces</Tabs.Tab>
              <Tabs.Tab value="add">Add</Tabs.Tab>
              <Tabs.Tab value="arrangements">Plans</Tabs.Tab>
              <Tabs.Tab value="versions">Versions</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="pieces" className={classes.body}>
              <PiecePanel editor={editor} onAdd={() => setTab("add")} />
            </Tabs.Panel>
            <Tabs.Panel value="add" className={classes.body}>
              <CataloguePanel
                options={props.options}
                style={scene.style}
                onPick={(item) => editor.add(item, editor.selected?.id ?? null)}
              />
              <HangPicture editor={editor} style={scene.style} />
            </Tabs.Panel>
            <Tabs.Panel value="arrangements" className={classes.body}>
              <ArrangementsPanel scene={scene} editor={editor} />
            </Tabs.Panel>
            <Tabs.Panel value="versions" className={classes.body}>
              <VersionsPanel
                imageId={image.id}
                isBusy={running || saving.isRestoring}
                onRestore={onRestore}
                onTakeUp={editor.takeUp}
              />
            </Tabs.Panel>
          </Tabs>
        )}
      </aside>
      <VisuallyHidden>
        <p role="status" aria-live="polite">
          {editor.announcement}
        </p>
        <p id={PIECE_HINT}>Arrows move, brackets turn, Delete removes, Escape lets go.</p>
        <p id="corner-keys">Arrows move the corner, with Shift in larger steps.</p>
      </VisuallyHidden>
      <ShortcutSheet isOpen={isHelp} onClose={() => setHelp(false)} shortcuts={shortcuts()} />
      <LeaveDialog isDirty={editor.isDirty && !saving.isSending} />
      <ConflictDialog
        isOpen={saving.isConflict}
        onReload={saving.takeTheirs}
        onKeep={saving.keepMine}
        onClose={saving.closeConflict}
      />
      <RestoreDialog
        version={restoring}
        onClose={() => setRestoring(null)}
        onRestore={(version) => {
          setRestoring(null);
          saving.restore(version);
        }}
      />
    </div>
  );
}

function Rendering({ image }: { image: Image }) {
  const step = image.status === "queued" ? "Waiting its turn" : humanize(image.step ?? "Rendering");
  return (
    <span className={classes.chip} role="status">
      {step}
      <span
        className={classes.bar}
        role="progressbar"
        aria-label="Rendering"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={image.progress}
      >
        <span style={{ width: `${image.progress}%` }} />
      </span>
    </span>
  );
}
