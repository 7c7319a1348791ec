/**
 * Rooms drawn by hand for empty states and style swatches. Colours of a swatch come as fill attributes (a
 * style attribute in markup would be refused by the content security policy); the rest follows the theme.
 */
import classes from "./RoomArt.module.css";

/** An empty room; with `furnished` a dotted sofa and lamp hint at what will stand there. */
export function EmptyRoomArt({ width = 280 }: { width?: number }) {
  return (
    <svg
      viewBox="0 0 280 180"
      width={width}
      className={classes.room}
      aria-hidden="true"
      preserveAspectRatio="xMidYMid slice"
    >
      <path d="M0 0h280v180H0z" className={classes.wall} />
      <path d="M0 0h70v120L0 180z" className={classes.wallSide} />
      <path d="M70 120h210v60H0z" className={classes.floor} />
      <path d="M70 120h210M70 0v120M70 120 0 180" className={classes.edge} />
      <path d="M98 24h78v56H98z" className={classes.window} />
      <path d="M137 24v56M98 52h78" className={classes.frame} />
      <path d="M84 180l32-60h52l32 60z" className={classes.light} />
      <g className={classes.ghost}>
        <path d="M104 128v-14q0-6 6-6h52q6 0 6 6v14M98 150v-16q0-6 6-6t6 6v4h52v-4q0-6 6-6t6 6v16zM104 150v5M168 150v5" />
        <path d="M208 152h18M217 152V96M206 96h22l-5-18h-12z" />
      </g>
    </svg>
  );
}

export type StyleSketch = {
  wall: string;
  floor: string;
  sofa: string;
  wood: string;
  rug: string;
  accent: string;
  metal: string;
};

/** A small room in the colours and shapes of a style, for when the server has no picture of it. */
export function StyleRoomArt({ sketch, variant }: { sketch: StyleSketch; variant: string }) {
  const round = variant === "scandinavian" || variant === "contemporary";
  return (
    <svg
      viewBox="0 0 160 110"
      className={classes.swatch}
      aria-hidden="true"
      preserveAspectRatio="xMidYMid slice"
    >
      <rect width="160" height="110" fill={sketch.wall} />
      {variant === "industrial" && (
        <path
          d="M0 12h160M0 26h160M0 40h160M0 54h160M0 68h160M20 0v12M60 0v12M100 0v12M140 0v12M40 12v14M80 12v14M120 12v14M20 26v14M60 26v14M100 26v14M140 26v14M40 40v14M80 40v14M120 40v14M20 54v14M60 54v14M100 54v14M140 54v14"
          stroke="#fff"
          strokeOpacity="0.16"
          strokeWidth="1.4"
          fill="none"
        />
      )}
      {variant === "traditional" && (
        <path
          d="M0 58h160M10 64h34v12H10zM56 64h48v12H56zM116 64h34v12h-34z"
          stroke="#fff"
          strokeOpacity="0.6"
          strokeWidth="1.3"
          fill="none"
        />
      )}
      <rect y="78" width="160" height="32" fill={sketch.floor} />
      <rect y="78" width="160" height="2" fill="#000" opacity="0.12" />
      <ellipse cx="80" cy="98" rx="56" ry="9" fill={sketch.rug} />
      <ellipse cx="80" cy="93" rx="44" ry="4" fill="#000" opacity="0.16" />
      <rect x="58" y="14" width="44" height="26" rx="1.5" fill="#fff" opacity="0.9" />
      <rect x="61" y="17" width="38" height="20" fill={sketch.accent} opacity="0.85" />
      <circle cx="72" cy="27" r="6" fill={sketch.wall} opacity="0.75" />
      <rect x="78" y="22" width="16" height="12" fill={sketch.wood} opacity="0.8" />
      <rect x="44" y="84" width="3" height="9" fill={sketch.wood} />
      <rect x="113" y="84" width="3" height="9" fill={sketch.wood} />
      <rect x="42" y="56" width="76" height="24" rx={round ? 9 : 3} fill={sketch.sofa} />
      <rect x="36" y="66" width="12" height="21" rx={round ? 6 : 2.5} fill={sketch.sofa} />
      <rect x="112" y="66" width="12" height="21" rx={round ? 6 : 2.5} fill={sketch.sofa} />
      <rect x="46" y="72" width="68" height="14" rx={round ? 5 : 2} fill={sketch.sofa} />
      <path d="M46 72h68M80 72v14" stroke="#000" strokeOpacity="0.18" strokeWidth="1.2" fill="none" />
      <rect x="52" y="60" width="15" height="13" rx="3" fill={sketch.accent} />
      <rect x="93" y="60" width="15" height="13" rx="3" fill={sketch.rug} />
      <rect x="137" y="44" width="2" height="48" fill={sketch.metal} />
      <path
        d={
          variant === "modern" || variant === "industrial"
            ? "M130 44a8 8 0 0 1 16 0z"
            : "M129 46l3-14h12l3 14z"
        }
        fill={variant === "industrial" ? sketch.metal : "#fff4d6"}
      />
      <rect x="132" y="91" width="12" height="2" rx="1" fill={sketch.metal} />
      <path d="M18 92l-3-14h14l-3 14z" fill={sketch.wood} />
      <path
        d="M22 78c-8-8-12-16-10-24 6 4 9 12 10 24zm0 0c8-9 12-18 9-28-6 5-9 16-9 28zm0 0c-2-12-2-22 1-32 4 8 3 20-1 32z"
        fill="#5f8a5c"
      />
    </svg>
  );
}
