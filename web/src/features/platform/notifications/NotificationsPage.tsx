import { Button, Pagination, SegmentedControl, Select, Skeleton } from "@mantine/core";
import { IconBellOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { notifications } from "../../../api";
import { keys } from "../../../app/keys";
import { plural } from "../../../lib/format";
import { EmptyState, ErrorState, toasts } from "../../../ui";
import { Frame } from "./Frame";
import { NotificationItem } from "./NotificationItem";
import classes from "./Notifications.module.css";
import { useNotifications, useReading, useUnreadCount } from "./useNotifications";

const route = getRouteApi("/inside/notifications");
const PAGE_SIZE = 20;

export function NotificationsPage() {
  const { show, kind, page = 1 } = route.useSearch();
  const navigate = useNavigate();
  const unread = useUnreadCount();
  const reading = useReading();
  const preferences = useQuery({
    queryKey: keys.notificationPreferences,
    queryFn: notifications.preferences,
  });
  const list = useNotifications({
    ...(show === "unread" ? { unread: true } : {}),
    ...(kind ? { kind } : {}),
    page,
    page_size: PAGE_SIZE,
  });
  const go = (search: { show?: "unread"; kind?: string; page?: number }) =>
    void navigate({ to: "/notifications", search });
  const items = list.data?.items ?? [];
  const isFiltered = show !== undefined || kind !== undefined;

  return (
    <Frame
      title="Notifications"
      lead="What happened while you were away, and while you were here."
      action={
        <Button
          variant="default"
          disabled={unread === 0}
          loading={reading.all.isPending}
          onClick={() =>
            reading.all.mutate(undefined, {
              onSuccess: ({ read }) =>
                toasts.show({ tone: "good", text: `Marked ${plural(read, "notification")} as read.` }),
            })
          }
        >
          Mark all read
        </Button>
      }
    >
      <div className={classes.filters}>
        <SegmentedControl
          aria-label="Which notifications"
          value={show ?? "all"}
          onChange={(value) => go({ show: value === "unread" ? "unread" : undefined, kind })}
          data={[
            { value: "all", label: "All" },
            { value: "unread", label: unread ? `Unread (${unread})` : "Unread" },
          ]}
        />
        <Select
          aria-label="Kind"
          placeholder="Every kind"
          clearable
          value={kind ?? null}
          onChange={(value) => go({ show, kind: value ?? undefined })}
          data={(preferences.data?.kinds ?? []).map((one) => ({ value: one.kind, label: one.title }))}
        />
      </div>
      {list.isPending && [1, 2, 3, 4].map((n) => <Skeleton key={n} h={74} radius="lg" />)}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <EmptyState
          art={<IconBellOff size={64} stroke={1.2} aria-hidden />}
          title={isFiltered ? "Nothing fits" : "Nothing yet"}
          text={
            isFiltered
              ? "No notification is like that."
              : "When images are ready or somebody answers, it is told here."
          }
        >
          {isFiltered && <Button onClick={() => go({})}>Show all</Button>}
        </EmptyState>
      )}
      <ul className={classes.list} aria-label="Notifications">
        {items.map((notification) => (
          <NotificationItem
            key={notification.id}
            notification={notification}
            onRead={(id) => reading.one.mutate(id)}
          />
        ))}
      </ul>
      {list.data && list.data.pages > 1 && (
        <Pagination
          total={list.data.pages}
          value={page}
          onChange={(next) => go({ show, kind, page: next })}
          getItemProps={(number) => ({ "aria-label": `Page ${number}` })}
          getControlProps={(control) => ({ "aria-label": `${control} page` })}
        />
      )}
    </Frame>
  );
}
