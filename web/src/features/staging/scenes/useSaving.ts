/** Saving, restoring, and taking over what the server made of it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import {
  type ApiError,
  asApiError,
  type Image,
  images,
  type Scene,
  type SceneChange,
  scenes,
} from "../../../api";
import { keys } from "../../../app/keys";
import { toasts } from "../../../ui";
import { isRunning, putImages } from "../images/cache";
import { failureOf } from "../images/failure";
import type { Draft } from "./model";
import type { Editor } from "./useEditor";

export function useSaving(image: Image, scene: Scene, editor: Editor) {
  const client = useQueryClient();
  const { draft, saved, isDirty, markSaved, refuse, load, say } = editor;
  /** The version the draft is based on. */
  const version = useRef(scene.version);
  /** The draft that was sent and is the scene of `version`, so that its undo steps can be kept. */
  const [sent, setSent] = useState<Draft | null>(null);
  const [isConflict, setConflict] = useState(false);
  const isUnplanned = image.status === "error" && saved.furniture.length === 0;

  const changeOf = (what: Draft): SceneChange => {
    const change: SceneChange = {};
    if (isUnplanned || what.camera !== saved.camera || what.room !== saved.room) {
      change.camera = what.camera;
      change.room = what.room;
    }
    if (what.straightenedFrom !== saved.straightenedFrom) {
      change.straightened = { from: what.straightenedFrom };
      change.camera = what.camera;
      change.room = what.room;
    }
    if (what.plan !== saved.plan) change.plan = what.plan;
    if (what.furniture.length > 0 || !isUnplanned) change.furniture = what.furniture;
    if (what.redecoration !== saved.redecoration) change.redecoration = what.redecoration;
    return change;
  };

  const sending = useMutation({
    meta: { silent: true },
    mutationFn: (what: Draft) => scenes.save(image.id, version.current, changeOf(what)),
    onSuccess: (next, what) => {
      version.current = next.version;
      setSent(what.furniture.length > 0 ? what : null);
      markSaved(what);
      putImages(client, [next]);
      say("Saved. Rendering the picture");
    },
    onError: (error) => {
      const problem = asApiError(error);
      if (problem.status === 412) setConflict(true);
      else toasts.show({ tone: "bad", text: problem.message, detail: firstField(problem) });
    },
  });

  const restoring = useMutation({
    mutationFn: (one: number) => scenes.restore(image.id, one),
    onSuccess: async (next, one) => {
      putImages(client, [next]);
      setSent(null);
      await client.invalidateQueries({ queryKey: keys.scene(image.id) });
      const restored = client.getQueryData<Scene>(keys.scene(image.id));
      if (restored) {
        version.current = restored.version;
        load(restored);
      }
      void client.invalidateQueries({ queryKey: keys.versions(image.id) });
      toasts.show({ tone: "good", text: `Version ${one} is back, as version ${next.version}.` });
    },
  });

  // The picture of a version is there, or cannot be made: read what the server has now.
  const before = useRef(image.status);
  const wasRefused = useRef(false);
  useEffect(() => {
    const wasRunning = before.current === "queued" || before.current === "processing";
    before.current = image.status;
    if (!wasRunning || isRunning(image)) return;
    wasRefused.current = image.status !== "ready" || Boolean(image.error) || image.version < version.current;
    void client.invalidateQueries({ queryKey: keys.versions(image.id) });
    void client.invalidateQueries({ queryKey: keys.scene(image.id) }).then(() => {
      const still = client.getQueryData<Scene>(keys.scene(image.id));
      if (!wasRefused.current || !still) return;
      wasRefused.current = false;
      version.current = still.version;
      setSent(null);
      refuse(still);
    });
    if (!wasRefused.current) {
      toasts.show({ tone: "good", text: `Version ${image.version} is ready.` });
      return;
    }
    toasts.show({
      tone: "bad",
      text: image.error ? `${failureOf(image.error).title}.` : "The picture was not made.",
      detail: "Your changes are still here.",
    });
  }, [client, image, refuse]);

  // What came from elsewhere, or was planned by the engine, replaces a draft nobody touched.
  const known = useRef(scene);
  useEffect(() => {
    if (known.current === scene) return;
    known.current = scene;
    if (isDirty || wasRefused.current) return;
    const isOwn = sent !== null && sent === saved && scene.version === version.current;
    version.current = scene.version;
    if (!isOwn) load(scene);
  }, [isDirty, load, saved, scene, sent]);

  const takeTheirs = useCallback(async () => {
    setConflict(false);
    await client.invalidateQueries({ queryKey: keys.scene(image.id) });
    const theirs = client.getQueryData<Scene>(keys.scene(image.id));
    if (!theirs) return;
    version.current = theirs.version;
    load(theirs);
    void client.invalidateQueries({ queryKey: keys.versions(image.id) });
    putImages(client, [await images.get(image.id)]);
  }, [client, image.id, load]);

  const keepMine = async () => {
    setConflict(false);
    const theirs = await scenes.get(image.id).catch(() => null);
    if (theirs) version.current = theirs.version;
    sending.mutate(draft);
  };

  return {
    save: () => sending.mutate(draft),
    isSending: sending.isPending,
    wasSaved: sent !== null,
    isUnplanned,
    isConflict,
    closeConflict: () => setConflict(false),
    takeTheirs: () => void takeTheirs(),
    keepMine: () => void keepMine(),
    restore: (one: number) => restoring.mutate(one),
    isRestoring: restoring.isPending,
  };
}

function firstField(problem: ApiError): string | undefined {
  const field = problem.fields[0];
  return field && `${field.field}: ${field.message}`;
}
