/** The bell in the header: how much is unread, told aloud when it grows, and a panel of the newest. */
import { ActionIcon, Button, Indicator, Popover, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBell } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { ErrorState } from "../../../ui";
import { NotificationItem } from "./NotificationItem";
import classes from "./Notifications.module.css";
import { unreadText, useNotifications, useReading, useUnreadCount } from "./useNotifications";

const SHOWN = 8;

export function Bell() {
  const [isOpen, panel] = useDisclosure(false);
  const unread = useUnreadCount();
  return (
    <>
      <Popover
        opened={isOpen}
        onChange={(open) => !open && panel.close()}
        position="bottom-end"
        width="min(400px, calc(100vw - 24px))"
        trapFocus
        returnFocus
        withinPortal
        shadow="md"
      >
        <Indicator
          label={unread > 99 ? "99+" : unread}
          size={17}
          offset={5}
          disabled={unread === 0}
          color="brick"
        >
          <Popover.Target>
            <ActionIcon aria-label={unreadText(unread)} aria-expanded={isOpen} onClick={panel.toggle}>
              <IconBell size={21} stroke={1.7} />
            </ActionIcon>
          </Popover.Target>
        </Indicator>
        <Popover.Dropdown className={classes.panel} aria-label="Notifications">
          {isOpen && <Panel unread={unread} onClose={panel.close} />}
        </Popover.Dropdown>
      </Popover>
      <Announcer unread={unread} />
    </>
  );
}

/** Tells a screen reader that something came, without taking it from what it reads. */
function Announcer({ unread }: { unread: number }) {
  const before = useRef<number | null>(null);
  const [words, setWords] = useState("");
  useEffect(() => {
    if (before.current !== null && unread > before.current) {
      setWords(unread === 1 ? "1 unread notification" : `${unread} unread notifications`);
    } else if (unread === 0) {
      setWords("");
    }
    before.current = unread;
  }, [unread]);
  return (
    <span className={classes.hidden} role="status" aria-live="polite">
      {words}
    </span>
  );
}

function Panel({ unread, onClose }: { unread: number; onClose: () => void }) {
  const list = useNotifications({ page_size: SHOWN });
  const reading = useReading();
  const items = list.data?.items ?? [];
  return (
    <>
      <div className={classes.panelHead}>
        <h2>Notifications</h2>
        <Button
          variant="subtle"
          size="compact-sm"
          disabled={unread === 0}
          loading={reading.all.isPending}
          onClick={() => reading.all.mutate()}
        >
          Mark all read
        </Button>
      </div>
      {list.isPending && [1, 2, 3].map((n) => <Skeleton key={n} h={58} m={12} radius="md" />)}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && <p className={classes.nothing}>Nothing has happened yet.</p>}
      <ul className={classes.panelList}>
        {items.map((notification) => (
          <NotificationItem
            key={notification.id}
            notification={notification}
            onRead={(id) => reading.one.mutate(id)}
            onOpen={onClose}
          />
        ))}
      </ul>
      <div className={classes.panelFoot}>
        <Link to="/notifications" onClick={onClose}>
          All notifications
        </Link>
        <Link to="/notifications/preferences" onClick={onClose}>
          Preferences
        </Link>
      </div>
    </>
  );
}
