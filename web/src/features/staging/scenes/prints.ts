/** A person's own picture on a wall: what its frame adds, and sizes that keep its proportions. Pure. */
import type { Furniture, Print, PrintFrame, RoomBox } from "../../../api";
import { settled } from "./moves";

export const FRAMES: [frame: PrintFrame, label: string, color: string][] = [
  ["black", "Black", "#1d1d1c"],
  ["white", "White", "#f2f0ea"],
  ["oak", "Oak", "#c39a62"],
  ["walnut", "Walnut", "#6b4429"],
  ["gold", "Gold", "#b8924a"],
  ["none", "No frame", "transparent"],
];

/** Outer width a print may have, metres. */
export const WIDTHS: [least: number, most: number] = [0.2, 2];
const DEPTH_M = 0.025;
/** The mat beside the picture, as a share of the picture's shorter side. */
const MAT = 0.16;

const railOf = (frame: PrintFrame): number => (frame === "none" ? 0 : frame === "gold" ? 0.045 : 0.018);

/** Width, height and depth of the frame around a picture of this width / height. */
export function frameSize(
  width: number,
  { frame, mat }: Pick<Print, "frame" | "mat">,
  aspect: number,
): number[] {
  const rail = railOf(frame);
  const sight = width - 2 * rail;
  const picture = mat ? sight / (1 + 2 * MAT * Math.min(1, 1 / aspect)) : sight;
  const border = mat ? MAT * Math.min(picture, picture / aspect) : 0;
  return [width, picture / aspect + 2 * border + 2 * rail, DEPTH_M];
}

export function isPrint(piece: Furniture): piece is Furniture & { print: Print } {
  return Boolean(piece.print);
}

/** The print with another width, frame or mat, about the same centre; the picture keeps its proportions. */
export function reframed(
  list: Furniture[],
  id: string,
  patch: { width?: number; frame?: PrintFrame; mat?: boolean },
  room: RoomBox,
): Furniture[] {
  return list.map((piece) => {
    if (piece.id !== id || !isPrint(piece)) return piece;
    const print = {
      ...piece.print,
      frame: patch.frame ?? piece.print.frame,
      mat: patch.mat ?? piece.print.mat,
    };
    const [oldWidth, oldHeight] = piece.size_m as [number, number];
    const size_m = frameSize(patch.width ?? oldWidth, print, print.aspect ?? oldWidth / oldHeight);
    const [x, y, z] = piece.position_m as [number, number, number];
    const base = y + ((size_m[1] as number) - oldHeight) / 2;
    return settled({ ...piece, print, size_m, position_m: [x, base, z] }, room, null);
  });
}
