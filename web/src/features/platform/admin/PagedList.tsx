/** A list in pages with its four states. */
import { Pagination, Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Page } from "../../../api";
import { EmptyRoomArt, EmptyState, ErrorState } from "../../../ui";
import classes from "./Operator.module.css";

export function PagedList<T extends { id: string }>(props: {
  list: UseQueryResult<Page<T>>;
  page: number;
  onPage: (page: number) => void;
  empty: { title: string; text: string };
  children: (item: T) => ReactNode;
}) {
  const { list } = props;
  if (list.isPending) return [1, 2, 3].map((n) => <Skeleton key={n} h={72} radius="lg" />);
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (list.data.items.length === 0) return <EmptyState art={<EmptyRoomArt width={220} />} {...props.empty} />;
  return (
    <>
      <ul className={classes.list}>
        {list.data.items.map((item) => (
          <li key={item.id} className={classes.row}>
            {props.children(item)}
          </li>
        ))}
      </ul>
      {list.data.pages > 1 && (
        <Pagination
          total={list.data.pages}
          value={props.page}
          onChange={props.onPage}
          getControlProps={(control) => ({ "aria-label": `${control} page` })}
          getItemProps={(page) => ({ "aria-label": `Page ${page}` })}
        />
      )}
    </>
  );
}
