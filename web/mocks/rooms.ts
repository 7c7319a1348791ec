/** Rooms drawn by code, empty and furnished, so that the mock server has something to show. */

export type RoomLook = {
  wall: string;
  side: string;
  floor: string;
  plank: string;
  sky: string;
  windowAt: number;
};

export const ROOM_LOOKS: RoomLook[] = [
  { wall: "#e9e4d8", side: "#d6cfbf", floor: "#b98d5e", plank: "#8e673e", sky: "#cfe5f2", windowAt: 0.2 },
  { wall: "#dfe3e1", side: "#c9cfcc", floor: "#9b8e7e", plank: "#766a5c", sky: "#dbeaf4", windowAt: 0.55 },
  { wall: "#e8dcd2", side: "#d8c8ba", floor: "#8a5d3a", plank: "#653f23", sky: "#f2e3c8", windowAt: 0.38 },
  { wall: "#d8dfe6", side: "#c2ccd6", floor: "#c7b391", plank: "#a08b67", sky: "#c9dff0", windowAt: 0.12 },
  { wall: "#efeeea", side: "#dddbd4", floor: "#6f5844", plank: "#523e2d", sky: "#e3eef2", windowAt: 0.62 },
  { wall: "#dbe2d3", side: "#c8d1bd", floor: "#caa877", plank: "#a48352", sky: "#d7e9ee", windowAt: 0.3 },
];

type Palette = { sofa: string; sofaDark: string; wood: string; rug: string; accent: string; metal: string };

const PALETTES: Record<string, Palette> = {
  modern: {
    sofa: "#4d5860",
    sofaDark: "#3a444b",
    wood: "#5d4937",
    rug: "#d3d5d4",
    accent: "#d7a13f",
    metal: "#23292c",
  },
  contemporary: {
    sofa: "#b56a4c",
    sofaDark: "#97533a",
    wood: "#83603f",
    rug: "#efe6da",
    accent: "#4f6f73",
    metal: "#3d3a36",
  },
  traditional: {
    sofa: "#6d3d3b",
    sofaDark: "#562d2c",
    wood: "#5a3820",
    rug: "#b98d5f",
    accent: "#2f4a5c",
    metal: "#8d6a34",
  },
  industrial: {
    sofa: "#7a4a2a",
    sofaDark: "#5f371d",
    wood: "#4b382a",
    rug: "#a39d94",
    accent: "#34505a",
    metal: "#1f2224",
  },
  scandinavian: {
    sofa: "#a9b8b6",
    sofaDark: "#8d9e9c",
    wood: "#c39a68",
    rug: "#f6f2ea",
    accent: "#e0a58b",
    metal: "#4a4d4d",
  },
};

const WIDTH = 1600;
const HEIGHT = 1067;

export function roomSize(): { width: number; height: number } {
  return { width: WIDTH, height: HEIGHT };
}

export function emptyRoom(look: RoomLook): string {
  return svg(room(look));
}

export function furnishedRoom(look: RoomLook, style: string): string {
  return svg(room(look) + furniture(PALETTES[style] ?? (PALETTES.modern as Palette), style));
}

/** An uploaded photo with the furniture laid over it. */
export function furnishedPhoto(
  dataUrl: string,
  size: { width: number; height: number },
  style: string,
): string {
  const scale = Math.max(size.width / WIDTH, size.height / HEIGHT) * 0.86;
  const dx = (size.width - WIDTH * scale) / 2;
  const dy = size.height - HEIGHT * scale;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}">${FILTERS}` +
    `<image href="${dataUrl}" width="${size.width}" height="${size.height}" preserveAspectRatio="none"/>` +
    `<g transform="translate(${dx} ${dy}) scale(${scale})">${furniture(PALETTES[style] ?? (PALETTES.modern as Palette), style)}</g></svg>`
  );
}

/** The room, or an uploaded photo, with something drawn over it in the photo's pixels. */
export function drawnOver(
  below: RoomLook | { dataUrl: string },
  size: { width: number; height: number },
  content: string,
): string {
  if (!("dataUrl" in below)) return svg(room(below) + content);
  const { width, height } = size;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">` +
    `<image href="${below.dataUrl}" width="${width}" height="${height}" preserveAspectRatio="none"/>${content}</svg>`
  );
}

const FILTERS =
  '<defs><filter id="s" x="-30%" y="-120%" width="160%" height="340%"><feGaussianBlur stdDeviation="16"/></filter>' +
  '<filter id="g" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="60"/></filter>' +
  '<linearGradient id="shade" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".22"/><stop offset="1" stop-color="#000" stop-opacity=".24"/></linearGradient></defs>';

function svg(content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">${FILTERS}${content}</svg>`;
}

function room(look: RoomLook): string {
  const back = { left: 330, right: 1270, top: 130, bottom: 690 };
  const wx = back.left + 80 + look.windowAt * 460;
  let planks = "";
  for (let i = -14; i <= 14; i += 1) {
    const x = 800 + i * 72;
    planks += `<path d="M${x} 690 ${800 + i * 190} 1067" stroke="${look.plank}" stroke-opacity=".45" stroke-width="2"/>`;
  }
  for (let i = 1; i < 8; i += 1) {
    const y = 690 + 377 * (1 - 1 / (1 + i * 0.34));
    planks += `<path d="M0 ${y}H1600" stroke="${look.plank}" stroke-opacity=".2" stroke-width="2"/>`;
  }
  return (
    `<rect width="1600" height="1067" fill="${look.wall}"/>` +
    `<path d="M0 -48H1600L1270 130H330Z" fill="#f8f6f1"/><path d="M0 -48 330 130V690L0 905Z" fill="${look.side}"/>` +
    `<path d="M1600 -48 1270 130V690l330 215Z" fill="${look.side}" opacity=".82"/>` +
    `<path d="M330 130H1270V690H330Z" fill="${look.wall}"/><path d="M330 130H1270V690H330Z" fill="url(#shade)" opacity=".5"/>` +
    `<path d="M0 905 330 690H1270l330 215v162H0Z" fill="${look.floor}"/>` +
    `<g><clipPath id="f"><path d="M0 905 330 690H1270l330 215v162H0Z"/></clipPath><g clip-path="url(#f)">${planks}</g></g>` +
    `<path d="M0 905 330 690H1270l330 215" fill="none" stroke="#fff" stroke-opacity=".85" stroke-width="14"/>` +
    `<path d="M0 -48 330 130H1270L1600 -48M330 130V690M1270 130V690" fill="none" stroke="#000" stroke-opacity=".14" stroke-width="3"/>` +
    `<rect x="${wx}" y="210" width="290" height="300" fill="${look.sky}"/>` +
    `<path d="M${wx} 470c70-60 120-10 170-40s80-20 120-30v110H${wx}Z" fill="#8fae86" opacity=".75"/>` +
    `<path d="M${wx} 210h290v300h-290zM${wx + 145} 210v300M${wx} 360h290" fill="none" stroke="#fdfdfb" stroke-width="14"/>` +
    `<path d="M${wx - 20} 522h330" stroke="#fff" stroke-width="16"/>` +
    `<path d="M${wx - 40} 780h340l150 230H${wx - 160}Z" fill="#fff6d8" opacity=".3" filter="url(#g)"/>`
  );
}

function furniture(p: Palette, style: string): string {
  const r = style === "scandinavian" || style === "contemporary" ? 44 : 14;
  const shadow = (cx: number, cy: number, rx: number, ry: number, o = 0.42) =>
    `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="#20160c" opacity="${o}" filter="url(#s)"/>`;
  return (
    `<ellipse cx="800" cy="880" rx="520" ry="118" fill="${p.rug}"/><ellipse cx="800" cy="880" rx="478" ry="102" fill="none" stroke="${p.accent}" stroke-opacity=".45" stroke-width="7"/>` +
    `<rect x="700" y="205" width="200" height="150" fill="#fcfbf8"/><rect x="714" y="219" width="172" height="122" fill="${p.accent}"/><circle cx="770" cy="285" r="30" fill="#f7e6c8"/><path d="M714 341q86-80 172 0z" fill="${p.wood}"/>` +
    shadow(800, 800, 400, 34) +
    `<rect x="470" y="560" width="660" height="190" rx="${r}" fill="${p.sofa}"/><rect x="470" y="560" width="660" height="190" rx="${r}" fill="url(#shade)"/>` +
    `<rect x="490" y="668" width="620" height="120" rx="${r * 0.6}" fill="${p.sofa}"/><path d="M800 668v120M490 740h620" stroke="#000" stroke-opacity=".22" stroke-width="5"/>` +
    `<rect x="420" y="628" width="118" height="176" rx="${r}" fill="${p.sofaDark}"/><rect x="1062" y="628" width="118" height="176" rx="${r}" fill="${p.sofaDark}"/>` +
    `<rect x="560" y="590" width="120" height="106" rx="18" fill="${p.accent}" transform="rotate(-7 620 643)"/><rect x="930" y="592" width="112" height="102" rx="18" fill="${p.rug}" transform="rotate(8 986 643)"/>` +
    `<path d="M460 804v26M1140 804v26" stroke="${p.wood}" stroke-width="18" stroke-linecap="round"/>` +
    shadow(800, 960, 250, 26) +
    `<path d="M630 892l-14 74M970 892l14 74" stroke="${p.metal}" stroke-width="13" stroke-linecap="round"/><ellipse cx="800" cy="890" rx="228" ry="48" fill="${p.wood}"/><ellipse cx="800" cy="880" rx="228" ry="48" fill="${p.wood}"/><ellipse cx="800" cy="880" rx="228" ry="48" fill="#fff" opacity=".16"/>` +
    `<path d="M742 872q4-36 34-36t34 36q-34 14-68 0z" fill="#f5f0e6"/><path d="M776 836c-22-36-16-62-6-78 16 20 20 48 6 78zm0 0c16-30 36-40 54-38-6 26-26 40-54 38z" fill="#6d8f5d"/>` +
    shadow(1292, 826, 90, 16) +
    `<path d="M1290 824V400" stroke="${p.metal}" stroke-width="11"/><circle cx="1290" cy="380" r="150" fill="#ffe7ad" opacity=".5" filter="url(#g)"/><path d="M1224 410l26-130h80l26 130z" fill="#fff1cd"/><ellipse cx="1290" cy="824" rx="58" ry="13" fill="${p.metal}"/>` +
    shadow(316, 838, 90, 18) +
    `<path d="M256 826l-16-110h152l-16 110q-60 22-120 0z" fill="#d9cbb2"/><path d="M316 722c-92-70-120-156-110-250 66 54 106 142 110 250zm0 0c86-82 120-180 92-294-72 70-96 180-92 294zm0 0c-28-130-22-250 12-344 40 110 34 230-12 344z" fill="#4f7a52"/>` +
    shadow(1440, 960, 150, 24) +
    `<rect x="1330" y="730" width="230" height="150" rx="${r}" fill="${p.accent}"/><rect x="1310" y="820" width="270" height="110" rx="${r * 0.7}" fill="${p.accent}"/><rect x="1310" y="820" width="270" height="110" rx="${r * 0.7}" fill="url(#shade)"/><path d="M1340 930v30M1550 930v30" stroke="${p.wood}" stroke-width="14" stroke-linecap="round"/>`
  );
}
