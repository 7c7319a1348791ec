/** The mock's catalogue, its thumbnails, and furniture drawn as shaded boxes through a real projection. */
import type { CatalogueItem, Credit, Furniture, SceneCamera } from "../src/api/model";
import { type Px, topOf, type Vec3 } from "../src/features/staging/scenes/model.ts";
import { convexHull, footprint, project } from "../src/features/staging/scenes/projection.ts";

type Kind = [kind: string, category: CatalogueItem["category"], support: Furniture["support"], forms: Form[]];
type Form = [option: number, name: string, size: Vec3];

const STYLES = ["modern", "contemporary", "traditional", "industrial", "scandinavian"];
const KINDS: Kind[] = [
  [
    "sofa",
    "seating",
    "floor",
    [
      [3, "Three-seat sofa", [2.26, 0.84, 0.9]],
      [2, "Two-seat sofa", [1.68, 0.84, 0.9]],
    ],
  ],
  ["armchair", "seating", "floor", [[1, "Armchair", [0.76, 0.82, 0.78]]]],
  ["dining_chair", "seating", "floor", [[1, "Dining chair", [0.5, 0.82, 0.54]]]],
  [
    "coffee_table",
    "tables",
    "floor",
    [
      [1, "Coffee table", [1.2, 0.7, 0.6]],
      [2, "Round coffee table", [0.9, 0.7, 0.9]],
    ],
  ],
  ["side_table", "tables", "floor", [[1, "Side table", [0.45, 0.55, 0.45]]]],
  ["dining_table", "tables", "floor", [[6, "Table for six", [1.8, 0.75, 0.92]]]],
  ["bed", "beds", "floor", [[3, "Double bed", [1.86, 1.02, 2.2]]]],
  ["bookcase", "storage", "floor", [[3, "Bookcase", [1.2, 1.95, 0.34]]]],
  ["sideboard", "storage", "floor", [[3, "Sideboard", [1.4, 0.78, 0.42]]]],
  ["floor_lamp", "lighting", "floor", [[1, "Floor lamp", [0.42, 1.6, 0.42]]]],
  ["table_lamp", "lighting", "item", [[1, "Table lamp", [0.3, 0.5, 0.3]]]],
  [
    "rug",
    "textiles",
    "floor",
    [
      [1, "Large rug", [3, 0.016, 2]],
      [2, "Rug", [2, 0.016, 1.4]],
    ],
  ],
  [
    "art",
    "decor",
    "wall",
    [
      [1, "Framed print, wide", [0.92, 0.69, 0.035]],
      [3, "Framed print, tall", [0.7, 1, 0.03]],
    ],
  ],
  ["mirror", "decor", "wall", [[1, "Round mirror", [0.8, 0.8, 0.04]]]],
  ["vase", "decor", "item", [[1, "Vase with twigs", [0.2, 0.36, 0.2]]]],
  [
    "plant",
    "plants",
    "floor",
    [
      [1, "Fiddle-leaf fig", [0.7, 1.8, 0.7]],
      [5, "Rubber plant", [0.47, 0.8, 0.45]],
    ],
  ],
];

const TINTS: Record<string, Record<string, string>> = {
  modern: { soft: "#5b6770", hard: "#5d4937", light: "#d3d5d4" },
  contemporary: { soft: "#b56a4c", hard: "#83603f", light: "#efe6da" },
  traditional: { soft: "#6d3d3b", hard: "#5a3820", light: "#c8a273" },
  industrial: { soft: "#7a4a2a", hard: "#4b382a", light: "#a39d94" },
  scandinavian: { soft: "#a9b8b6", hard: "#c39a68", light: "#f0ebe0" },
};
const MATERIAL: Record<string, string> = {
  seating: "soft",
  beds: "soft",
  textiles: "light",
  lighting: "light",
  decor: "light",
};

export const CATALOGUE: CatalogueItem[] = KINDS.flatMap(([kind, category, support, forms]) =>
  forms.flatMap(([option, name, size_m]) =>
    STYLES.map((style) => ({
      id: `${kind}-${option}-${style}`,
      kind,
      option,
      style,
      category,
      name: `${name}, ${style}`,
      size_m,
      support,
      top_m: topOf({ kind, size_m }),
      thumb_url: `/api/v1/furniture/${kind}-${option}-${style}/thumb`,
      source: "builtin",
      credit: null,
    })),
  ),
);

/** Two pieces came from elsewhere. */
const credit = (title: string, creator: string): Credit => ({
  title,
  creator,
  library: "Sweet Home 3D",
  licence: "CC BY 4.0",
  line: `“${title}” by ${creator}, Sweet Home 3D, CC BY 4.0; changes were made`,
});
export const CREDITS = [credit("Easy chair", "Scopia"), credit("Rocking horse", "Kator Legaz")];
for (const [n, one] of CREDITS.entries()) {
  CATALOGUE.push({
    id: `imported-${n}`,
    kind: n === 0 ? "armchair" : "decor",
    option: 1,
    style: "modern",
    category: n === 0 ? "seating" : "decor",
    name: one.title,
    size_m: [0.8, 0.9, 0.8],
    support: "floor",
    top_m: 0,
    thumb_url: `/api/v1/furniture/imported-${n}/thumb`,
    source: "Sweet Home 3D",
    credit: one.line,
    asset: `00000000-0000-8000-8000-00000000000${n}`,
  });
}

export function designOf(kind: string, option: number, style: string): CatalogueItem | undefined {
  return CATALOGUE.find((item) => item.kind === kind && item.option === option && item.style === style);
}

function colourOf(piece: { kind: string; style: string; color?: string | null }): string {
  if (piece.color) return piece.color;
  if (piece.kind === "plant") return "#4f7a52";
  const category = KINDS.find(([kind]) => kind === piece.kind)?.[1] ?? "tables";
  return TINTS[piece.style]?.[MATERIAL[category] ?? "hard"] ?? "#888888";
}

export function thumbnail(item: CatalogueItem): string {
  const piece = {
    ...item,
    id: item.id,
    position_m: [0, 0.55, 0],
    yaw_deg: 22,
    palette: null,
    support_id: null,
    color: null,
    seed: 1,
    asset: null,
    movable: true,
  } as Furniture;
  const largest = Math.max(...item.size_m);
  const place: Vec3 = [0, (item.size_m[1] as number) * 0.5 + 0.35 * largest, 2.6 * largest];
  const camera: SceneCamera = {
    focal_px: 430,
    center_px: [128, 90],
    rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    source: "user",
    focal_sigma: 0,
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256" width="256" height="256"><rect width="256" height="256" fill="#eef1ef"/>${boxes(camera, [{ ...piece, position_m: place }])}</svg>`;
}

/** Far pieces first; a shadow on the floor, then the faces that are seen. */
export function boxes(camera: SceneCamera, list: readonly Furniture[]): string {
  const depth = (piece: Furniture) =>
    (piece.size_m[1] as number) < 0.05
      ? 100
      : (piece.position_m[2] as number) - (piece.support === "item" ? 0.6 : 0);
  return [...list]
    .sort((a, b) => depth(b) - depth(a))
    .map((piece) => box(camera, piece))
    .join("");
}

function box(camera: SceneCamera, piece: Furniture): string {
  const y = piece.position_m[1] as number;
  // What stands on a table by design is not drawn.
  const top = y - (topOf(piece) || (piece.size_m[1] as number));
  const ring = footprint(piece);
  const face = (points: Vec3[], shade: number) => {
    const pixels = points.map((point) => project(camera, point));
    if (pixels.some((pixel) => pixel === null)) return "";
    const d = (pixels as Px[]).map(([px, py]) => `${px.toFixed(1)} ${py.toFixed(1)}`).join("L");
    const veil = shade < 0 ? `<path d="M${d}Z" fill="#000" fill-opacity="${-shade}"/>` : "";
    return `<path d="M${d}Z" fill="${colourOf(piece)}"/>${veil}`;
  };
  const hull = convexHull(
    ring.flatMap(([x, z]) => project(camera, [x, y, z]) ?? []).length
      ? ring.map(([x, z]) => project(camera, [x, y, z]) ?? [0, 0])
      : [],
  );
  const shadow =
    hull.length > 2 && piece.support !== "wall"
      ? `<path d="M${hull.map(([px, py]) => `${px.toFixed(1)} ${(py + 8).toFixed(1)}`).join("L")}Z" fill="#1a120a" fill-opacity=".3"/>`
      : "";
  const sides = ring
    .map(([x, z], n) => ({ a: [x, z] as [number, number], b: ring[(n + 1) % 4] as [number, number], n }))
    .sort((p, q) => q.a[1] + q.b[1] - p.a[1] - p.b[1])
    .map(({ a, b, n }) =>
      face(
        [
          [a[0], y, a[1]],
          [b[0], y, b[1]],
          [b[0], top, b[1]],
          [a[0], top, a[1]],
        ],
        n === 0 ? 0 : -0.16,
      ),
    );
  return (
    shadow +
    sides.join("") +
    (top > 0
      ? face(
          ring.map(([x, z]) => [x, top, z] as Vec3),
          -0.05,
        )
      : "")
  );
}
