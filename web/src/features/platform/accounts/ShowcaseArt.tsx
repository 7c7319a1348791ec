import classes from "./ShowcaseArt.module.css";

/** One room twice: as it was left of the line, furnished right of it. The line wanders slowly. */
export function ShowcaseArt() {
  return (
    <svg viewBox="0 0 640 440" className={classes.art} aria-hidden="true">
      <defs>
        <clipPath id="show-frame">
          <rect width="640" height="440" rx="20" />
        </clipPath>
        <clipPath id="show-after">
          <rect className={classes.reveal} x="0" y="0" width="640" height="440" />
        </clipPath>
        <linearGradient id="show-wall" x1="0" x2="1">
          <stop offset="0" stopColor="#e9e5dc" />
          <stop offset="1" stopColor="#f6f3ec" />
        </linearGradient>
        <linearGradient id="show-floor" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#c9a980" />
          <stop offset="1" stopColor="#a98458" />
        </linearGradient>
        <linearGradient id="show-sun" x1="0" y1="0" x2="0.6" y2="1">
          <stop offset="0" stopColor="#fff3cf" stopOpacity="0.75" />
          <stop offset="1" stopColor="#fff3cf" stopOpacity="0" />
        </linearGradient>
        <filter id="show-blur" x="-20%" y="-60%" width="140%" height="220%">
          <feGaussianBlur stdDeviation="7" />
        </filter>
      </defs>
      <g clipPath="url(#show-frame)">
        <Room />
        <g clipPath="url(#show-after)">
          <Room />
          <Furniture />
        </g>
        <g className={classes.handle}>
          <path d="M0 0v440" stroke="#fff" strokeWidth="3" />
          <circle cx="0" cy="226" r="20" fill="#fff" />
          <path
            d="M-5 219l-7 7 7 7M5 219l7 7-7 7"
            stroke="#0b5f4f"
            strokeWidth="2.6"
            fill="none"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </g>
      </g>
    </svg>
  );
}

function Room() {
  return (
    <>
      <path d="M0 0h640v440H0z" fill="#f3efe6" />
      <path d="M0 0l132 52v226L0 384z" fill="#dcd6c9" />
      <path d="M132 52h380v226H132z" fill="url(#show-wall)" />
      <path d="M640 0 512 52v226l128 106z" fill="#e3ddd0" />
      <path d="M0 0h640L512 52H132z" fill="#fbf9f4" />
      <path d="M0 384l132-106h380l128 106v56H0z" fill="url(#show-floor)" />
      <path
        d="M170 278 60 440M218 278l-62 162M266 278l-20 162M314 278l14 162M362 278l52 162M410 278l92 162M458 278l130 162M132 278h380M88 314h464M30 360h580"
        stroke="#8e6b43"
        strokeOpacity="0.32"
        strokeWidth="1.3"
        fill="none"
      />
      <path d="M0 384l132-106h380l128 106" stroke="#fff" strokeOpacity="0.75" strokeWidth="5" fill="none" />
      <path d="M22 74l76 22v160l-76 48z" fill="#cfe6ee" />
      <path d="M22 74l76 22v160l-76 48zM60 85v195M22 178l76-2" stroke="#fff" strokeWidth="5" fill="none" />
      <path d="M98 270l190 14 130 120H150z" fill="url(#show-sun)" />
    </>
  );
}

function Furniture() {
  return (
    <>
      <ellipse cx="330" cy="352" rx="196" ry="44" fill="#efe8da" />
      <ellipse cx="330" cy="352" rx="178" ry="37" fill="none" stroke="#cdbf9f" strokeWidth="2.5" />
      <ellipse cx="330" cy="324" rx="160" ry="16" fill="#3a2a17" opacity="0.4" filter="url(#show-blur)" />
      <rect x="240" y="92" width="78" height="96" fill="#fff" />
      <rect x="247" y="99" width="64" height="82" fill="#d98e5b" />
      <circle cx="279" cy="132" r="17" fill="#f5dfb8" />
      <path d="M247 160q32-26 64 0v21h-64z" fill="#7c4a3a" />
      <rect x="336" y="92" width="78" height="96" fill="#fff" />
      <rect x="343" y="99" width="64" height="82" fill="#2e5d52" />
      <path d="M357 181v-34q18-40 36 0v34z" fill="#c9d8b8" />
      <rect x="196" y="224" width="268" height="70" rx="22" fill="#47736a" />
      <rect x="176" y="254" width="52" height="70" rx="20" fill="#3b635b" />
      <rect x="432" y="254" width="52" height="70" rx="20" fill="#3b635b" />
      <rect x="212" y="268" width="236" height="48" rx="14" fill="#528077" />
      <path d="M330 268v48M212 296h236" stroke="#2d4f48" strokeOpacity="0.5" strokeWidth="2" />
      <rect x="232" y="236" width="50" height="44" rx="10" fill="#e0a85c" transform="rotate(-7 257 258)" />
      <rect x="386" y="238" width="46" height="42" rx="10" fill="#f1e6d2" transform="rotate(8 409 259)" />
      <path d="M194 322l-5 16M466 322l5 16" stroke="#6b4a2a" strokeWidth="7" strokeLinecap="round" />
      <ellipse cx="330" cy="382" rx="96" ry="12" fill="#3a2a17" opacity="0.34" filter="url(#show-blur)" />
      <path d="M260 356l-8 34M400 356l8 34" stroke="#5b3d20" strokeWidth="6" strokeLinecap="round" />
      <ellipse cx="330" cy="352" rx="92" ry="20" fill="#8a5f35" />
      <ellipse cx="330" cy="348" rx="92" ry="20" fill="#b07d48" />
      <path d="M300 344q2-14 12-14t12 14q-12 6-24 0z" fill="#f5f0e6" />
      <path
        d="M312 330c-8-14-6-24-2-30 6 8 8 18 2 30zm0 0c6-12 14-16 20-16-2 10-10 16-20 16z"
        fill="#6d8f5d"
      />
      <ellipse cx="540" cy="348" rx="40" ry="9" fill="#3a2a17" opacity="0.4" filter="url(#show-blur)" />
      <path d="M538 346V170" stroke="#3a3a36" strokeWidth="5" />
      <path d="M510 174l12-54h34l12 54z" fill="#fff1cb" />
      <ellipse cx="538" cy="346" rx="24" ry="6" fill="#3a3a36" />
      <ellipse cx="140" cy="344" rx="34" ry="8" fill="#3a2a17" opacity="0.4" filter="url(#show-blur)" />
      <path d="M116 342l-6-44h58l-6 44q-23 8-46 0z" fill="#d8c7a8" />
      <path
        d="M139 300c-34-26-44-58-40-92 24 20 38 52 40 92zm0 0c32-30 44-66 34-108-22 26-34 66-34 108zm0 0c-10-48-8-92 4-126 14 40 12 84-4 126z"
        fill="#527a55"
      />
    </>
  );
}
