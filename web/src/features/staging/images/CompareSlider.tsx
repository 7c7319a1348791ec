/**
 * The photo left of a line, the furnished one right of it. Drag the line (or anywhere while not zoomed in),
 * use the arrow keys, double-click to centre, pinch or turn the wheel to zoom, drag to pan.
 */
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState } from "react";
import classes from "./CompareSlider.module.css";
import { FIT, type Point, panBy, type Size, sliderKey, type View, zoomAt } from "./zoom";

type Props = {
  before: string;
  /** Without it only the photo is shown. */
  after: string | null;
  alt: string;
  frame: Size;
  view: View;
  onView: (change: (view: View) => View) => void;
  /** Shows the photo alone while true. */
  isPeeking: boolean;
  onBroken: () => void;
};

export function CompareSlider(props: Props) {
  const { before, after, frame, view, onView } = props;
  const [position, setPosition] = useState(50);
  const root = useRef<HTMLDivElement>(null);
  const pointers = useRef(new Map<number, Point>());
  const gesture = useRef<"slide" | "pan" | "pinch" | null>(null);
  const shown = !after ? 100 : props.isPeeking ? 100 : position;

  const local = useCallback((event: { clientX: number; clientY: number }): Point => {
    const box = root.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  }, []);
  const slideTo = (x: number) => setPosition(Math.min(100, Math.max(0, (x / frame.width) * 100)));

  // React listens to the wheel passively; zooming must keep the page from scrolling.
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const at = local(event);
      onView((old) => zoomAt(old, at, Math.exp(-event.deltaY * 0.0018), frame));
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [frame, local, onView]);

  const onPointerDown = (event: React.PointerEvent) => {
    if (event.button !== 0) return;
    root.current?.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, local(event));
    const onHandle = (event.target as Element).closest("[role=slider]") !== null;
    if (pointers.current.size === 2) gesture.current = "pinch";
    else gesture.current = onHandle || (view.scale === 1 && after) ? "slide" : "pan";
    if (gesture.current === "slide") slideTo(local(event).x);
  };
  const onPointerMove = (event: React.PointerEvent) => {
    const last = pointers.current.get(event.pointerId);
    if (!last) return;
    const now = local(event);
    if (gesture.current === "pinch") {
      const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
      if (other) {
        const factor = distance(now, other) / Math.max(1, distance(last, other));
        const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
        onView((old) => zoomAt(old, middle, factor, frame));
      }
    } else if (gesture.current === "slide") {
      slideTo(now.x);
    } else {
      onView((old) => panBy(old, now.x - last.x, now.y - last.y, frame));
    }
    pointers.current.set(event.pointerId, now);
  };
  const onPointerEnd = (event: React.PointerEvent) => {
    pointers.current.delete(event.pointerId);
    gesture.current = pointers.current.size === 1 ? "pan" : null;
  };

  const transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard's way is the slider inside and the viewer's keys
    <div
      ref={root}
      className={classes.root}
      data-zoomed={view.scale > 1 || undefined}
      style={{ width: frame.width, height: frame.height }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerEnd}
      onPointerCancel={onPointerEnd}
      onDoubleClick={() => (view.scale > 1 ? onView(() => FIT) : setPosition(50))}
    >
      {after && (
        <img
          src={after}
          alt={props.alt}
          className={classes.image}
          style={{ transform }}
          draggable={false}
          onError={props.onBroken}
        />
      )}
      <div className={classes.before} style={{ clipPath: `inset(0 ${100 - shown}% 0 0)` }}>
        <img
          src={before}
          alt={after ? "" : props.alt}
          className={classes.image}
          style={{ transform }}
          draggable={false}
          onError={props.onBroken}
        />
      </div>
      {after && (
        <>
          <span className={classes.tag} data-side="left" data-hidden={shown < 14 || undefined}>
            Before
          </span>
          <span className={classes.tag} data-side="right" data-hidden={shown > 86 || undefined}>
            After
          </span>
          <div
            className={classes.handle}
            style={{ left: `${shown}%` }}
            role="slider"
            tabIndex={0}
            data-autofocus
            aria-label="Before and after"
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(position)}
            aria-valuetext={`${Math.round(position)} percent before`}
            aria-orientation="horizontal"
            onKeyDown={(event) => {
              const next = sliderKey(position, event.key, event.shiftKey);
              if (next === null) return;
              event.preventDefault();
              event.stopPropagation();
              setPosition(next);
            }}
          >
            <span className={classes.grip}>
              <IconChevronLeft size={17} stroke={2.4} aria-hidden />
              <IconChevronRight size={17} stroke={2.4} aria-hidden />
            </span>
          </div>
        </>
      )}
    </div>
  );
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
