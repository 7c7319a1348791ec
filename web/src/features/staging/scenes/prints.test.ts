import { describe, expect, it } from "vitest";
import type { Furniture } from "../../../api";
import { frameSize, reframed } from "./prints";
import { ART, piece, ROOM } from "./testkit";

const PRINT = piece({
  ...ART,
  id: "print",
  size_m: frameSize(0.6, { frame: "black", mat: false }, 1.5),
  print: { original_id: "o", frame: "black", mat: false, aspect: 1.5 },
});

describe("a framed print", () => {
  it("is as high as the picture, its mat and its frame ask for", () => {
    const [width, height] = frameSize(0.6, { frame: "black", mat: false }, 1.5) as [number, number];
    expect((width - 0.036) / (height - 0.036)).toBeCloseTo(1.5, 6);
    const bare = frameSize(0.5, { frame: "none", mat: false }, 0.5) as [number, number];
    expect(bare[1]).toBeCloseTo(1, 6);
    const matted = frameSize(0.6, { frame: "gold", mat: true }, 1.5) as [number, number];
    // The mat is as wide beside the picture as above it.
    const picture = matted[0] - 0.09;
    const border = (picture - 1.5 * (matted[1] - 0.09)) / (2 - 3);
    expect(border).toBeGreaterThan(0.03);
  });

  it("grows about its centre and keeps its picture's proportions", () => {
    const [grown] = reframed([PRINT], "print", { width: 1.2 }, ROOM);
    const [width, height] = (grown as Furniture).size_m as [number, number];
    expect((width - 0.036) / (height - 0.036)).toBeCloseTo(1.5, 6);
    const middle = (one: typeof PRINT) => (one.position_m[1] as number) - (one.size_m[1] as number) / 2;
    expect(middle(grown as typeof PRINT)).toBeCloseTo(middle(PRINT), 6);
  });

  it("gets another frame and a mat without losing its picture", () => {
    const [framed] = reframed([PRINT], "print", { frame: "gold", mat: true }, ROOM);
    expect(framed?.print).toEqual({ original_id: "o", frame: "gold", mat: true, aspect: 1.5 });
    expect(framed?.size_m[0]).toBe(0.6);
    expect(reframed([ART], "art", { width: 2 }, ROOM)).toEqual([ART]);
  });
});
