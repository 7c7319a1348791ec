import { ActionIcon, Tooltip } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useRouter } from "@tanstack/react-router";
import type { MouseEvent } from "react";
import type { Notification } from "../../../api";
import { ago } from "../../../lib/format";
import classes from "./Notifications.module.css";

/** One line of the panel or the page: what happened, when, and a way to put it aside. */
export function NotificationItem(props: {
  notification: Notification;
  onRead: (id: string) => void;
  onOpen?: () => void;
}) {
  const { notification, onRead, onOpen } = props;
  const router = useRouter();
  const isUnread = notification.read_at === null;
  /** The server says where, with a query of its own; new tabs are the browser's business. */
  const open = (event: MouseEvent<HTMLAnchorElement>) => {
    if (isUnread) onRead(notification.id);
    onOpen?.();
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    if (notification.link) router.history.push(notification.link);
  };
  const text = (
    <>
      <span className={classes.title}>
        {isUnread && <span className={classes.dot} aria-hidden />}
        {isUnread && <span className={classes.hidden}>Unread: </span>}
        {notification.title}
      </span>
      {notification.body && <span className={classes.text}>{notification.body}</span>}
      <span className={classes.time}>
        <time dateTime={notification.updated_at}>{ago(notification.updated_at)}</time>
      </span>
    </>
  );
  return (
    <li className={classes.item} data-unread={isUnread || undefined}>
      {notification.link ? (
        <a href={notification.link} className={classes.body} onClick={open}>
          {text}
        </a>
      ) : (
        <div className={classes.body}>{text}</div>
      )}
      {isUnread && (
        <Tooltip label="Mark as read">
          <ActionIcon
            aria-label={`Mark “${notification.title}” as read`}
            onClick={() => onRead(notification.id)}
          >
            <IconCheck size={18} />
          </ActionIcon>
        </Tooltip>
      )}
    </li>
  );
}
