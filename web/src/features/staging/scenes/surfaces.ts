/** Floors and paints to choose from, as the composer and the editor offer them. */
export type Surface = { id: string; label: string };

const FLOOR_LABELS: Record<string, string> = {
  oak: "Oak boards",
  walnut: "Walnut boards",
  tile: "Stone tiles",
  carpet: "Carpet",
};

/** What the server can lay, in the order people look for. */
export const FLOORS = Object.keys(FLOOR_LABELS);

export function floorLabel(floor: string): string {
  return FLOOR_LABELS[floor] ?? floor;
}

/** Whites and quiet colours that sell houses; two deep ones for a wall with courage. */
export const PAINTS: [name: string, value: string][] = [
  ["Chalk", "#f4f1ea"],
  ["Linen", "#e9dfcf"],
  ["Oat", "#d8c3a5"],
  ["Mushroom", "#c9b8a8"],
  ["Blush", "#dcc0b0"],
  ["Clay", "#b98568"],
  ["Sage", "#9fb0a3"],
  ["Eucalyptus", "#7d9488"],
  ["Mist", "#c3cdd2"],
  ["Dove blue", "#8aa0b8"],
  ["Slate", "#5d6b7a"],
  ["Bottle green", "#3f4a45"],
];

export function paintLabel(color: string): string {
  return PAINTS.find(([, value]) => value === color.toLowerCase())?.[0] ?? color;
}
