import { afterEach, describe, expect, it } from "vitest";
import { distance, measure, setUnits, sides, smallSides, spoken } from "./lengths";

afterEach(() => setUnits("metric"));

describe("lengths", () => {
  it("are written in centimetres and metres", () => {
    expect([distance(0.05), distance(-0.994), distance(1.85), distance(2)]).toEqual([
      "5 cm",
      "99 cm",
      "1.85 m",
      "2.0 m",
    ]);
    expect([measure(2.6), sides(0.8, 2.03), smallSides(0.5, 0.7), spoken(2.6)]).toEqual([
      "2.60 m",
      "0.80 × 2.03 m",
      "50 × 70 cm",
      "2.60 metres",
    ]);
  });

  it("are written in feet and inches for who asked for these", () => {
    setUnits("imperial");
    // 2.54 cm are an inch by definition; 12 inches are a foot and never left over.
    expect([distance(0.05), distance(-0.2032), distance(0.3), distance(0.3048), distance(1.8)]).toEqual([
      "2 in",
      "8 in",
      "1 ft",
      "1 ft",
      "5 ft 11 in",
    ]);
    expect([measure(2.6), sides(0.8, 2.03), smallSides(0.5, 0.7), spoken(2.6)]).toEqual([
      "8 ft 6 in",
      "2 ft 7 in × 6 ft 8 in",
      "20 × 28 in",
      "8 feet 6 inches",
    ]);
  });
});
