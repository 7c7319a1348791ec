import { describe, expect, it } from "vitest";
import { describeMove, nameOf, placeOf, roomSize } from "./describe";
import { ART, piece, ROOM } from "./testkit";

describe("words for what happened", () => {
  it("say how far and where to", () => {
    const after = piece({ position_m: [-0.2, 1.4, 2.75] });
    expect(describeMove(piece(), after, ROOM)).toBe(
      "Three-seat sofa moved 20 cm left and 25 cm closer, 1.8 m from the back wall",
    );
  });

  it("say which way something turned, seen from above", () => {
    expect(describeMove(piece(), piece({ yaw_deg: 15 }), ROOM)).toBe(
      "Three-seat sofa turned 15° counter-clockwise",
    );
    expect(describeMove(piece({ yaw_deg: -170 }), piece({ yaw_deg: 175 }), ROOM)).toBe(
      "Three-seat sofa turned 15° clockwise",
    );
    expect(describeMove(piece(), piece(), ROOM)).toBeNull();
  });

  it("say where things hang and stand", () => {
    expect(placeOf(ART, ROOM)).toBe("on the back wall, 1.5 m above the floor");
    expect(placeOf(piece({ position_m: [0, 1.4, 4.55] }), ROOM)).toBe("against the back wall");
    expect(placeOf(piece({ position_m: [-0.9, 1.4, 3] }), { ...ROOM, back_m: null })).toBe(
      "10 cm from the left wall",
    );
    expect(placeOf(piece(), { ...ROOM, back_m: null, left_m: null, right_m: null })).toBe(
      "3.0 m from the camera",
    );
  });

  it("keep numbers short and names plain", () => {
    expect(nameOf({ name: "", kind: "floor_lamp" })).toBe("Floor lamp");
    expect(roomSize({ ...ROOM, left_m: null })).toEqual({ width: "open", depth: "5.00 m", height: "2.60 m" });
  });
});
