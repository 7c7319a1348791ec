/** The states every screen shares: nothing yet, and something went wrong. */
import { Button, CopyButton } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { asApiError } from "../api";
import classes from "./States.module.css";

export function EmptyState(props: {
  art: ReactNode;
  title: string;
  text: string;
  /** It is all there is on the page, so its title is the page's. */
  isPage?: boolean;
  children?: ReactNode;
}) {
  const Title = props.isPage ? "h1" : "h2";
  return (
    <div className={classes.empty}>
      <div className={classes.art}>{props.art}</div>
      <Title className={classes.title}>{props.title}</Title>
      <p className={classes.text}>{props.text}</p>
      {props.children && <div className={classes.actions}>{props.children}</div>}
    </div>
  );
}

export function ErrorState({
  error,
  onRetry,
  title,
}: {
  error: unknown;
  onRetry?: () => void;
  title?: string;
}) {
  const problem = asApiError(error);
  return (
    <div className={classes.empty} role="alert">
      <div className={classes.art}>
        <BrokenPane />
      </div>
      <h2 className={classes.title}>{title ?? problem.title}</h2>
      <p className={classes.text}>{problem.message}</p>
      <div className={classes.actions}>
        {onRetry && (
          <Button leftSection={<IconRefresh size={18} />} onClick={onRetry}>
            Try again
          </Button>
        )}
      </div>
      {problem.requestId && <RequestId id={problem.requestId} />}
    </div>
  );
}

/** The line support asks for; one press copies it. */
export function RequestId({ id }: { id: string }) {
  return (
    <CopyButton value={id}>
      {({ copied, copy }) => (
        <button type="button" className={classes.request} onClick={copy}>
          {copied ? "Copied" : `Request ${id}`}
        </button>
      )}
    </CopyButton>
  );
}

function BrokenPane() {
  return (
    <svg viewBox="0 0 200 130" width="200" height="130" aria-hidden="true" className={classes.svg}>
      <rect x="36" y="14" width="128" height="96" rx="10" className={classes.pane} />
      <path d="M100 14 88 46l18 14-14 24 12 26" className={classes.crack} />
      <path d="M106 60l34-12M92 84l-30 8M88 46 60 36" className={classes.crackThin} />
      <path d="M20 120h160" className={classes.ground} />
    </svg>
  );
}
