/** Why a staging failed, in words that say what to do next. Codes are those of the HTTP contract. */
import type { ItemError } from "../../../api";

export type Failure = {
  title: string;
  advice: string;
  /** Trying the same again can help. */
  canRetry: boolean;
  /** The person can show where the room's corners are. */
  canMark?: boolean;
};

const FAILURES: Record<string, Failure> = {
  needs_corners: {
    title: "Could not find the room’s corners",
    advice: "Show where the corners of the back wall are, and it can be furnished.",
    canRetry: false,
    canMark: true,
  },
  not_a_room: {
    title: "This does not look like a room",
    advice: "If it is one, mark its corners; if not, upload a photo with the floor and a wall in view.",
    canRetry: false,
    canMark: true,
  },
  no_floor_visible: {
    title: "The floor is hardly visible",
    advice:
      "Mark the corners if there is floor to stand furniture on; if not, step back or tilt the camera down a little.",
    canRetry: false,
    canMark: true,
  },
  decode_failed: {
    title: "The photo could not be read",
    advice: "The file seems damaged. Export it again as JPEG or PNG and upload it once more.",
    canRetry: false,
  },
  original_missing: {
    title: "The photo is gone from storage",
    advice: "Upload the photo again, then furnish it.",
    canRetry: false,
  },
  engine_failed: {
    title: "Furnishing stopped half-way",
    advice: "Try again. If it fails once more, another style often gets through.",
    canRetry: true,
  },
  provider_failed: {
    title: "The image service did not deliver",
    advice: "Try again in a minute, or pick another engine.",
    canRetry: true,
  },
  timeout: {
    title: "It took too long",
    advice: "Try again; a smaller photo is quicker.",
    canRetry: true,
  },
};

export function failureOf(error: ItemError | null | undefined): Failure {
  const known = error ? FAILURES[error.code] : undefined;
  return known ?? { title: "Furnishing failed", advice: error?.message ?? "Try again.", canRetry: true };
}

const REJECTIONS: Record<string, string> = {
  decode_failed: "This file is damaged and cannot be read. Export it again as JPEG or PNG.",
  too_large: "This photo has more pixels than we can work with. Export a smaller copy.",
};

/** Why an uploaded photo was refused after the upload. */
export function rejectionOf(error: ItemError | null | undefined): string {
  return (error && (REJECTIONS[error.code] ?? error.message)) || "This photo could not be read.";
}
