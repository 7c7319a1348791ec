/** The four states of a list, and the button that reads on. */
import { Button, Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { ErrorState } from "../../ui";
import classes from "./Hub.module.css";
import type { usePages } from "./usePages";

type Props = {
  list: ReturnType<typeof usePages<unknown>>["list"];
  isEmpty: boolean;
  empty: ReactNode;
  children: ReactNode;
};

export function PagedList({ list, isEmpty, empty, children }: Props) {
  if (list.isPending) {
    return (
      <div className={classes.list} aria-busy="true">
        {[1, 2, 3].map((n) => (
          <Skeleton key={n} h={86} radius="lg" />
        ))}
      </div>
    );
  }
  if (list.isError && isEmpty) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (isEmpty) return <>{empty}</>;
  return (
    <>
      <ul className={classes.list}>{children}</ul>
      {list.hasNextPage && (
        <Button
          className={classes.more}
          variant="default"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}
