/** Lists that grow by pages, and what every page of the hub needs of them. */
import { useInfiniteQuery } from "@tanstack/react-query";
import type { Page } from "../../api";

export function usePages<T>(key: readonly unknown[], read: (page: number) => Promise<Page<T>>) {
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: 1,
    getNextPageParam: (last) => (last.page < last.pages ? last.page + 1 : undefined),
  });
  return { list, items: list.data?.pages.flatMap((page) => page.items) ?? [] };
}
