import { createReactComponent } from "@tabler/icons-react";

/** A table between two chairs; the icon set has none. */
export const IconDining = createReactComponent("outline", "dining", "Dining", [
  ["path", { d: "M6 10h12M12 10v9M9 19h6", key: "table" }],
  ["path", { d: "M3 7v7h3v5M3 14v5M21 7v7h-3v5M21 14v5", key: "chairs" }],
]);
