/** How rooms and styles look in the pickers when the server sends no picture. */
import {
  IconArmchair,
  IconBath,
  IconBed,
  IconDeviceDesktop,
  IconDoor,
  IconSparkles,
  IconToolsKitchen2,
  IconTree,
  IconWand,
} from "@tabler/icons-react";
import type { StyleSketch } from "../../../ui";
import { IconDining } from "./IconDining";

const SKETCHES: Record<string, StyleSketch> = {
  modern: {
    wall: "#d9dcdc",
    floor: "#8d8378",
    sofa: "#3f4a52",
    wood: "#6b5745",
    rug: "#c9cdcd",
    accent: "#d7a13f",
    metal: "#22282b",
  },
  contemporary: {
    wall: "#e6ddd2",
    floor: "#b89a78",
    sofa: "#b56a4c",
    wood: "#8a6545",
    rug: "#efe6da",
    accent: "#4f6f73",
    metal: "#3d3a36",
  },
  traditional: {
    wall: "#cfd3c4",
    floor: "#7b5135",
    sofa: "#6d3d3b",
    wood: "#5a3820",
    rug: "#b98d5f",
    accent: "#2f4a5c",
    metal: "#8d6a34",
  },
  industrial: {
    wall: "#8c5a48",
    floor: "#6f6c68",
    sofa: "#7a4a2a",
    wood: "#4b382a",
    rug: "#a39d94",
    accent: "#34505a",
    metal: "#1f2224",
  },
  scandinavian: {
    wall: "#f1efea",
    floor: "#d8bd98",
    sofa: "#a9b8b6",
    wood: "#c39a68",
    rug: "#f8f5ee",
    accent: "#e0b7a0",
    metal: "#4a4d4d",
  },
};
const OTHER: StyleSketch = {
  wall: "#dfe4e0",
  floor: "#b5a58c",
  sofa: "#5f7f78",
  wood: "#87694a",
  rug: "#efece3",
  accent: "#c98f4a",
  metal: "#333a38",
};

export function sketchOf(style: string): StyleSketch {
  return SKETCHES[style] ?? OTHER;
}

const ROOM_ICONS: Record<string, typeof IconBed> = {
  living_room: IconArmchair,
  bedroom: IconBed,
  kitchen: IconToolsKitchen2,
  bathroom: IconBath,
  dining_room: IconDining,
  office: IconDeviceDesktop,
  entryway: IconDoor,
  outdoor: IconTree,
};

export function roomIcon(room: string | null) {
  return room === null ? IconWand : (ROOM_ICONS[room] ?? IconSparkles);
}
