import { describe, expect, it } from "vitest";
import type { CatalogueItem, Furniture } from "../../../api";
import { add } from "./adding";
import type { Px, Vec3 } from "./model";
import * as moves from "./moves";
import { project } from "./projection";
import { ART, CAMERA, piece, ROOM, TABLE, VASE } from "./testkit";
import { wallOf } from "./walls";

const byId = (list: Furniture[], id: string) => list.find((one) => one.id === id) as Furniture;
const place = (list: Furniture[], id: string) =>
  byId(list, id).position_m.map((value) => Number(value.toFixed(4)));

const NEW_TABLE: CatalogueItem = {
  id: "coffee_table-2-modern",
  kind: "coffee_table",
  option: 2,
  style: "modern",
  category: "tables",
  name: "Small coffee table",
  size_m: [0.5, 0.75, 0.5],
  thumb_url: "",
  support: "floor",
  top_m: 0.75,
  source: "builtin",
  credit: null,
};
const item = (patch: Partial<CatalogueItem>): CatalogueItem => ({ ...NEW_TABLE, ...patch });

describe("moving", () => {
  it("goes as far as asked, and no farther than the walls", () => {
    const list = moves.moveBy([piece()], "f1", [0.2, 0, 0.25], ROOM);
    expect(place(list, "f1")).toEqual([0.2, 1.4, 3.25]);
    expect(place(moves.moveBy(list, "f1", [9, 0, 9], ROOM), "f1")).toEqual([1, 1.4, 4.55]);
    expect(place(moves.moveBy(list, "f1", [-9, 0, -9], ROOM), "f1")).toEqual([-1, 1.4, 0.75]);
  });

  it("takes along what stands on a piece, turned with it", () => {
    const list = moves.moveBy([TABLE, VASE], "table", [-0.5, 0, 1], ROOM);
    expect(place(list, "vase")).toEqual([0.3, 1, 3.1]);
    const turned = moves.turnTo([TABLE, VASE], "table", 90, ROOM);
    expect(place(turned, "vase")).toEqual([0.4, 1, 2.3]);
    expect(byId(turned, "vase").yaw_deg).toBe(90);
  });

  it("keeps things on what carries them", () => {
    expect(place(moves.moveBy([TABLE, VASE], "vase", [5, 0, 0], ROOM), "vase")).toEqual([1.02, 1, 2.1]);
    expect(place(moves.moveBy([TABLE, VASE], "vase", [0, 0, -5], ROOM), "vase")).toEqual([0.8, 1, 1.78]);
  });

  it("leaves alone what cannot be moved", () => {
    const list = [piece({ movable: false })];
    expect(moves.moveBy(list, "f1", [1, 0, 0], ROOM)).toBe(list);
  });

  it("puts a piece under the pointer", () => {
    const target = project(CAMERA, [-0.5, 1.4, 3.8]) as Px;
    expect(place(moves.moveToPixel([piece()], "f1", target, ROOM, CAMERA), "f1")).toEqual([-0.5, 1.4, 3.8]);
    const list = [piece()];
    expect(moves.moveToPixel(list, "f1", [800, 100], ROOM, CAMERA)).toBe(list);
  });

  it("slides hung pieces along their wall and round the corner", () => {
    const right = moves.moveBy([ART], "art", [0.3, 0.1, 0], ROOM);
    expect(place(right, "art")).toEqual([0.3, -0.2, 4.98]);
    expect(place(moves.moveBy([ART], "art", [9, 9, 0], ROOM), "art")).toEqual([1.5, -0.5, 4.98]);
    const round = moves.moveToPixel([ART], "art", [1600, 500], ROOM, CAMERA);
    expect(place(round, "art")).toEqual([1.98, 0, 2.5]);
    expect(byId(round, "art").yaw_deg).toBe(-90);
    expect(wallOf(byId(round, "art"))).toBe("right");
  });
});

describe("turning", () => {
  it("goes to the next fifteen degrees and stays within half a turn", () => {
    const list = moves.turnBy([piece({ yaw_deg: 7 })], "f1", 1, ROOM);
    expect(byId(list, "f1").yaw_deg).toBe(15);
    expect(byId(moves.turnBy([piece({ yaw_deg: 7 })], "f1", -1, ROOM), "f1").yaw_deg).toBe(0);
    expect(byId(moves.turnBy([piece({ yaw_deg: 180 })], "f1", 1, ROOM), "f1").yaw_deg).toBe(-165);
  });

  it("looks where the hand points", () => {
    const one = piece();
    expect(moves.yawTowards(one, [0, 1.4, 1], false)).toBeCloseTo(0, 9);
    expect(moves.yawTowards(one, [2, 1.4, 3], false)).toBe(90);
    expect(moves.yawTowards(one, [1, 1.4, 2.2], true)).toBe(51);
    expect(moves.yawTowards(one, [1, 1.4, 2.2], false)).toBe(45);
  });

  it("is hung beside what hangs there, not over it, and not over a window", () => {
    const item = {
      kind: "art",
      option: 1,
      style: "modern",
      name: "Print",
      size_m: [0.8, 0.6, 0.03],
      support: "wall",
    };
    const hang = (list: Furniture[], room = ROOM) => {
      const added = add(list, item as CatalogueItem, room, CAMERA, null);
      return place(added.list, added.id)[0] as number;
    };
    expect(hang([])).toBeCloseTo(0, 6);
    // A metre wide in the middle: 0.5 + 0.4 and the gap.
    expect(Math.abs(hang([ART]))).toBeCloseTo(1, 6);
    const window = { wall: "back", kind: "window", u_m: [0.3, 2], heights_m: [0.9, 2.2] };
    expect(hang([ART], { ...ROOM, openings: [window] })).toBeCloseTo(-1, 6);
    const wide = { ...window, u_m: [-2, 2] };
    // Nowhere to go: it stays where it can be seen.
    expect(hang([], { ...ROOM, openings: [wide] })).toBeCloseTo(0, 6);
  });

  it("stays inside the room when turned beside a wall", () => {
    const beside = piece({ position_m: [1.55, 1.4, 3], yaw_deg: -90, size_m: [2, 0.8, 0.9] });
    const [x] = place(moves.turnTo([beside], "f1", 0, ROOM), "f1") as Vec3;
    expect(x).toBe(1);
  });
});

describe("the list", () => {
  it("removes a piece with what stands on it", () => {
    expect(moves.remove([piece(), TABLE, VASE], "table").map((one) => one.id)).toEqual(["f1"]);
  });

  it("swaps a table and lifts what stands on it", () => {
    const list = moves.swap([TABLE, VASE], "table", NEW_TABLE, ROOM);
    // A server that knows no prints refuses their name.
    expect(list[0]).not.toHaveProperty("print");
    expect(byId(list, "table")).toMatchObject({ id: "table", option: 2, name: "Small coffee table" });
    const [x, y, z] = place(list, "vase") as Vec3;
    expect([x, y]).toEqual([0.67, 0.95]);
    expect(z).toBe(2.1);
  });

  it("adds to a free place of the visible floor, with an id of its own", () => {
    const first = add([], NEW_TABLE, ROOM, CAMERA, null);
    const second = add(first.list, NEW_TABLE, ROOM, CAMERA, null);
    expect(second.id).not.toBe(first.id);
    const [a, b] = second.list.map((one) => one.position_m as Vec3) as [Vec3, Vec3];
    expect(Math.max(Math.abs(a[0] - b[0]), Math.abs(a[2] - b[2]))).toBeGreaterThanOrEqual(0.5);
    expect(a[1]).toBe(1.4);
  });

  it("hangs what hangs and puts small things on a table", () => {
    const print = add([], item({ kind: "art", support: "wall", size_m: [1, 0.7, 0.04] }), ROOM, CAMERA, null);
    expect(byId(print.list, print.id)).toMatchObject({ support: "wall", support_id: "back", yaw_deg: 0 });
    expect(place(print.list, print.id)).toEqual([0, 0.25, 4.98]);
    const vase = add(
      [piece(), TABLE],
      item({ kind: "vase", support: "item", size_m: [0.2, 0.3, 0.2] }),
      ROOM,
      CAMERA,
      "f1",
    );
    expect(place(vase.list, vase.id)).toEqual([0.5, 1, 2]);
    expect(moves.baseOf(vase.list, byId(vase.list, vase.id))?.id).toBe("table");
    const lamp = add(
      [],
      item({ kind: "pendant_lamp", support: "ceiling", size_m: [0.4, 1, 0.4] }),
      ROOM,
      CAMERA,
      null,
    );
    // Its upper end is at the ceiling, 1.2 m above the camera.
    expect(place(lamp.list, lamp.id)[1]).toBe(-0.2);
  });

  it("knows by name what carries a thing that hangs over its edge", () => {
    const over = { ...VASE, position_m: [1.3, 1, 2], support_id: "table" };
    expect(moves.baseOf([TABLE, over], over)?.id).toBe("table");
    expect(moves.baseOf([TABLE, { ...over, support_id: null }], { ...over, support_id: null })).toBeNull();
  });
});

describe("another room", () => {
  it("keeps pieces where the picture shows them when the scale changes", () => {
    const room = moves.scaleRoom(ROOM, 1.5);
    expect(room).toMatchObject({ back_m: 7.5, left_m: -3, scale_source: "user" });
    expect(room.camera_height_m).toBeCloseTo(2.1, 9);
    const before = project(CAMERA, [0.5, 1.4, 2]) as Px;
    const list = moves.refit([TABLE, VASE, ART], { camera: CAMERA, room: ROOM }, { camera: CAMERA, room });
    const after = project(CAMERA, byId(list, "table").position_m as Vec3) as Px;
    expect(after[0]).toBeCloseTo(before[0], 6);
    expect(after[1]).toBeCloseTo(before[1], 6);
    // Tables do not grow with the room: the vase still stands 40 cm above the floor.
    expect(byId(list, "vase").position_m[1]).toBeCloseTo(1.7, 9);
    expect(byId(list, "art").position_m[2]).toBeCloseTo(7.48, 9);
  });
});
