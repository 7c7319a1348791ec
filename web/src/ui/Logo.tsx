import classes from "./Logo.module.css";

/** A corner of a room seen through glass; one wall lit. The lines make a V. */
export function Mark({ size = 30 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" className={classes.case} />
      <path d="M16 14.5 27 7v18H16z" className={classes.lit} />
      <path
        d="M5 7l11 7.5L27 7M16 14.5V25"
        fill="none"
        stroke="#fff"
        strokeWidth="2.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

export function Logo() {
  return (
    <span className={classes.logo}>
      <Mark />
      <span className={classes.word}>Vitrine</span>
    </span>
  );
}
