import { describe, expect, it } from "vitest";
import type { Engine, Image, Original, PhotoGroup } from "../../../api";
import { NO_SETTINGS, planLabel, planStaging, type StagingSettings } from "./plan";
import { NOTHING, prune, selectAll, toggleCard, toggleImage } from "./selection";
import { clamp, FIT, fitInto, sliderKey, zoomAt } from "./zoom";

function group(id: string, ...images: Partial<Image>[]): PhotoGroup {
  const original = { id, status: "ready", filename: `${id}.jpg` } as Original;
  return {
    original,
    images: images.map((image, n) => ({ id: `${id}-${n}`, status: "ready", ...image }) as Image),
  };
}

const settings = (patch: Partial<StagingSettings>): StagingSettings => ({ ...NO_SETTINGS, ...patch });
const wanted = (groups: PhotoGroup[], patch: Partial<StagingSettings>, selected: string[] = []) =>
  planStaging("p", groups, settings(patch), new Set(selected)).items.map(
    (item) => `${item.original_id} ${item.style} ${item.room_type ?? "auto"}`,
  );

describe("a plan", () => {
  it("is photos times styles", () => {
    expect(wanted([group("a"), group("b")], { styles: ["modern", "industrial"] })).toEqual([
      "a modern auto",
      "a industrial auto",
      "b modern auto",
      "b industrial auto",
    ]);
  });

  it("leaves out what is there or under way, and makes failed ones anew", () => {
    const groups = [
      group("a", { style: "modern" }),
      group("b", { style: "modern", status: "queued" }),
      group("c", { style: "modern", status: "error" }),
    ];
    expect(wanted(groups, { styles: ["modern"] })).toEqual(["c modern auto"]);
  });

  it("makes what was selected once more", () => {
    const groups = [group("a", { style: "modern" }), group("b")];
    expect(wanted(groups, { styles: ["modern"] }, ["a"])).toEqual(["a modern auto"]);
  });

  it("asks for another room when the one chosen is new", () => {
    const groups = [group("a", { style: "modern", room_type: "bedroom" })];
    expect(wanted(groups, { styles: ["modern"], room: "office" })).toEqual(["a modern office"]);
    expect(wanted(groups, { styles: ["modern"], room: "bedroom" })).toEqual([]);
  });

  it("asks for floor and walls, and never for half a colour", () => {
    const optionsOf = (patch: Partial<StagingSettings>) =>
      planStaging("p", [group("a")], settings({ styles: ["modern"], ...patch }), new Set()).items[0]?.options;
    expect(optionsOf({})).toBeUndefined();
    expect(optionsOf({ floor: "oak", walls: "#D8c3a5" })).toEqual({ floor: "oak", walls: "#D8c3a5" });
    expect(optionsOf({ floor: "oak", walls: "#d8c" })).toEqual({ floor: "oak" });
    expect(optionsOf({ walls: "#d8c" })).toBeUndefined();
  });

  it("gives the photos of one room the same furniture, what is there or what is made first", () => {
    const planned = (groups: PhotoGroup[], selected: string[] = []) => {
      const plan = planStaging("p", groups, settings({ styles: ["modern"], sameAs: "b" }), new Set(selected));
      const items = plan.items.map(
        ({ original_id, same_as }) => original_id + (same_as ? ` as ${same_as}` : ""),
      );
      return [
        ...items,
        ...plan.followers.map((one) => `${one.item.original_id} after ${one.leader.original_id}`),
      ];
    };
    const staged = group("b", { style: "modern" }, { style: "industrial" });
    expect(planned([group("a"), staged, group("c")])).toEqual(["a as b-0", "c as b-0"]);
    expect(planned([group("a"), group("b"), group("c")])).toEqual(["b", "a after b", "c after b"]);
    // The leading photo is made too when it was not asked for, and anew when it was.
    expect(planned([group("a"), group("b")], ["a"])).toEqual(["b", "a after b"]);
    expect(planned([group("a"), staged], ["a", "b"])).toEqual(["b", "a after b"]);
    // One that failed leads nobody; one that is gone neither.
    expect(planned([group("a"), group("b", { style: "modern", status: "error" })])).toEqual([
      "b",
      "a after b",
    ]);
    expect(planned([group("a"), group("c")])).toEqual(["a", "c"]);
  });

  it("heeds the settings of single photos", () => {
    const photos = { a: { room: "bedroom" }, b: { styles: ["traditional"] }, c: { styles: [] } };
    expect(
      wanted([group("a"), group("b"), group("c")], { styles: ["modern"], room: "office", photos }),
    ).toEqual(["a modern bedroom", "b traditional office", "c modern office"]);
  });

  it("skips photos that were refused", () => {
    const refused = group("a");
    refused.original.status = "rejected";
    expect(wanted([refused], { styles: ["modern"] })).toEqual([]);
  });

  it("says what it will do", () => {
    const engine = {
      typical_seconds: 4,
      price: { amount_micros: 30_000, currency: "USD" },
    } as Partial<Engine> as Engine;
    const plan = planStaging(
      "p",
      Array.from({ length: 12 }, (_, n) => group(`g${n}`)),
      settings({ styles: ["modern", "industrial"] }),
      new Set(),
    );
    expect(planLabel(plan, engine, 2)).toBe("Furnish 12 photos · 24 images · $0.72 · about 50 s");
    const one = planStaging("p", [group("a")], settings({ styles: ["modern"] }), new Set());
    expect(planLabel(one, { ...engine, price: { amount_micros: 0, currency: "USD" } }, 2)).toBe(
      "Furnish 1 photo · about 4 s",
    );
  });
});

describe("a selection", () => {
  const cards = ["a", "b", "c", "d"].map((id) => ({ id, parts: [`${id}1`] }));
  const ids = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].sort().join(" ");

  it("takes a photo with its images, and lets go of both", () => {
    const one = toggleCard(NOTHING, cards, "b", false);
    expect(ids(one)).toBe("b b1");
    expect(ids(toggleCard(one, cards, "b", false))).toBe("");
  });

  it("takes ranges in both directions from where it started", () => {
    const start = toggleCard(NOTHING, cards, "c", false);
    expect(ids(toggleCard(start, cards, "a", true))).toBe("a a1 b b1 c c1");
    expect(ids(toggleCard(start, cards, "d", true))).toBe("c c1 d d1");
  });

  it("takes all, single images, and forgets what is gone", () => {
    expect(selectAll(cards).ids.size).toBe(8);
    const image = toggleImage(NOTHING, "a1");
    expect(ids(image)).toBe("a1");
    expect(ids(prune(image, cards.slice(1)))).toBe("");
  });
});

describe("zoom", () => {
  const frame = { width: 400, height: 300 };

  it("keeps the point under the cursor in place", () => {
    const at = { x: 100, y: 200 };
    const view = zoomAt(FIT, at, 2, frame);
    expect(view.scale).toBe(2);
    expect((at.x - view.x) / view.scale).toBe(100);
    expect((at.y - view.y) / view.scale).toBe(200);
  });

  it("never shows beside the picture and never shrinks it", () => {
    expect(clamp({ scale: 0.2, x: 50, y: -900 }, frame)).toEqual({ scale: 1, x: 0, y: 0 });
    expect(clamp({ scale: 2, x: -1000, y: 90 }, frame)).toEqual({ scale: 2, x: -400, y: 0 });
  });

  it("fits pictures of any shape", () => {
    expect(fitInto({ width: 1600, height: 800 }, frame)).toEqual({ width: 400, height: 200 });
    expect(fitInto({ width: 300, height: 900 }, frame)).toEqual({ width: 100, height: 300 });
  });

  it("moves the line by one and by ten and stays inside", () => {
    expect(sliderKey(50, "ArrowRight", false)).toBe(51);
    expect(sliderKey(50, "ArrowLeft", true)).toBe(40);
    expect(sliderKey(95, "PageUp", false)).toBe(100);
    expect(sliderKey(3, "Home", false)).toBe(0);
    expect(sliderKey(50, "x", false)).toBeNull();
  });
});
