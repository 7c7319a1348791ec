import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type NotificationFilter, notifications } from "../../../api";
import { keys } from "../../../app/keys";
import { useLiveMode } from "../../../app/live";

/** Without a live stream the bell asks by itself, now and then. */
const ASK_MS = 60_000;

export function useUnreadCount(): number {
  const mode = useLiveMode();
  const count = useQuery({
    queryKey: keys.unreadCount,
    queryFn: notifications.unreadCount,
    staleTime: 30_000,
    refetchInterval: mode === "live" ? false : ASK_MS,
  });
  return count.data ?? 0;
}

export function useNotifications(filter: NotificationFilter, enabled = true) {
  return useQuery({
    queryKey: keys.notificationList(filter),
    queryFn: () => notifications.list(filter),
    placeholderData: (before) => before,
    enabled,
  });
}

/** Marking as read: the bell and every list learn of it. */
export function useReading() {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: keys.notifications });
  const one = useMutation({ mutationFn: notifications.read, onSuccess });
  const all = useMutation({ mutationFn: notifications.readAll, onSuccess });
  return { one, all };
}

/** A line of the unread count for screen readers. */
export function unreadText(unread: number): string {
  if (unread === 0) return "Notifications, none unread";
  return `Notifications, ${unread} unread`;
}
