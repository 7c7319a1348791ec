/**
 * Lengths as people read them, in metres or in feet and inches. The only place that writes a unit: what is computed
 * with and sent to the server is metres.
 */
import { useSyncExternalStore } from "react";

export type Units = "metric" | "imperial";

const INCHES_PER_METRE = 1 / 0.0254;

let current: Units = "metric";
const listeners = new Set<() => void>();

/** As the account says; what is shown is written anew. */
export function setUnits(units: Units): void {
  if (units === current) return;
  current = units;
  for (const tell of listeners) tell();
}

/** For components that show lengths, so that they are written anew when the units change. */
export function useUnits(): Units {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => current,
  );
}

/** `8 in`, `2 ft 7 in`, `6 ft`. */
function feet(metres: number): string {
  const inches = Math.round(Math.abs(metres) * INCHES_PER_METRE);
  const whole = Math.floor(inches / 12);
  const rest = inches % 12;
  if (whole === 0) return `${rest} in`;
  return rest === 0 ? `${whole} ft` : `${whole} ft ${rest} in`;
}

/** In a sentence: "20 cm" below a metre, "1.8 m" from there on; "8 in", "5 ft 11 in". Without its sign. */
export function distance(metres: number): string {
  if (current === "imperial") return feet(metres);
  const cm = Math.round(Math.abs(metres) * 100);
  return cm < 100 ? `${cm} cm` : `${(cm / 100).toFixed(cm % 10 === 0 ? 1 : 2)} m`;
}

/** A measure among others: always "2.60 m", or "8 ft 6 in". */
export function measure(metres: number): string {
  return current === "imperial" ? feet(metres) : `${metres.toFixed(2)} m`;
}

/** Several sides of a thing of a room's size: "0.80 × 2.03 m", "2 ft 7 in × 6 ft 8 in". */
export function sides(...metres: number[]): string {
  if (current === "imperial") return metres.map(feet).join(" × ");
  return `${metres.map((one) => one.toFixed(2)).join(" × ")} m`;
}

/** Several sides of a thing one can hang: "50 × 70 cm", "20 × 28 in". */
export function smallSides(...metres: number[]): string {
  const [scale, unit] = current === "imperial" ? [INCHES_PER_METRE, "in"] : [100, "cm"];
  return `${metres.map((one) => Math.round(one * scale)).join(" × ")} ${unit}`;
}

/** A measure in full words, for screen readers: "2.60 metres", "8 feet 6 inches". */
export function spoken(metres: number): string {
  if (current === "metric") return `${metres.toFixed(2)} metres`;
  return feet(metres).replace("ft", "feet").replace("in", "inches");
}
