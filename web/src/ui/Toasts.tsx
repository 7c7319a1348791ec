import { Button, CloseButton } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import classes from "./Toasts.module.css";
import { type Toast, toasts } from "./toasts";

export function Toasts() {
  const list = useSyncExternalStore(toasts.subscribe, toasts.snapshot);
  return (
    <section className={classes.region} aria-label="Messages" aria-live="polite" aria-relevant="additions">
      {list.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => toasts.dismiss(toast.id), toast.lifeMs);
    return () => clearTimeout(timer);
  }, [held, toast.id, toast.lifeMs]);

  return (
    // The life of a message stops while somebody points at it or tabs into it.
    // biome-ignore lint/a11y/noStaticElementInteractions: pausing a timer is no interaction of its own
    <div
      className={classes.toast}
      data-tone={toast.tone}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {toast.tone === "good" && <IconCircleCheck size={20} className={classes.icon} aria-hidden />}
      {toast.tone === "bad" && <IconAlertTriangle size={20} className={classes.icon} aria-hidden />}
      <div className={classes.text}>
        <div>{toast.text}</div>
        {toast.detail && <div className={classes.detail}>{toast.detail}</div>}
      </div>
      {toast.action && (
        <Button size="compact-sm" variant="white" color="dark" onClick={() => toasts.act(toast.id)}>
          {toast.action.label}
        </Button>
      )}
      <CloseButton
        size="sm"
        variant="transparent"
        className={classes.close}
        aria-label="Dismiss message"
        onClick={() => toasts.dismiss(toast.id)}
      />
      {!held && toast.action && (
        <span className={classes.life} style={{ animationDuration: `${toast.lifeMs}ms` }} />
      )}
    </div>
  );
}
