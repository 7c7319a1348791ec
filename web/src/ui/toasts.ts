/** Short messages at the edge of the page, some with a way back. A plain store, so that anything may speak. */
export type Toast = {
  id: number;
  tone: "neutral" | "good" | "bad";
  text: string;
  detail?: string;
  /** Milliseconds until it leaves by itself. */
  lifeMs: number;
  action?: { label: string; run: () => void };
  /** Called when it leaves without its action having been used. */
  onGone?: () => void;
};

let nextId = 1;
let list: readonly Toast[] = [];
const listeners = new Set<() => void>();

function publish(next: readonly Toast[]): void {
  list = next;
  for (const listener of listeners) listener();
}

export const toasts = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  snapshot: () => list,
  show(toast: Omit<Toast, "id" | "lifeMs"> & { lifeMs?: number }): number {
    const id = nextId++;
    publish([...list.slice(-3), { lifeMs: toast.tone === "bad" ? 9000 : 5000, ...toast, id }]);
    return id;
  },
  dismiss(id: number): void {
    const toast = list.find((t) => t.id === id);
    publish(list.filter((t) => t.id !== id));
    toast?.onGone?.();
  },
  act(id: number): void {
    const toast = list.find((t) => t.id === id);
    publish(list.filter((t) => t.id !== id));
    toast?.action?.run();
  },
};

export const UNDO_MS = 8000;

/** "Deleted …" with an Undo button that stays for eight seconds. */
export function undoToast(text: string, undo: () => void): number {
  return toasts.show({ tone: "neutral", text, lifeMs: UNDO_MS, action: { label: "Undo", run: undo } });
}
