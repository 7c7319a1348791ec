/** Downloads go through short-lived links, so that the browser streams them itself. */
import { asApiError, images, projects } from "../../../api";
import { toasts } from "../../../ui";

function open(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}

async function guarded(work: () => Promise<{ url: string }>): Promise<void> {
  try {
    open((await work()).url);
  } catch (error) {
    toasts.show({ tone: "bad", text: "The download could not start.", detail: asApiError(error).message });
  }
}

export function downloadImage(id: string, kind: "staged" | "original" = "staged"): Promise<void> {
  return guarded(() => images.downloadLink(id, kind));
}

/** A ZIP of the given images, or of everything that is ready. */
export function downloadZip(projectId: string, imageIds?: string[]): Promise<void> {
  return guarded(() =>
    projects.archive(projectId, { kind: "staged", ...(imageIds ? { image_ids: imageIds } : {}) }),
  );
}
