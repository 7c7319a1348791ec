/** A page with everything of one kind, narrowed by a text. */
import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Page } from "../../../api";
import { useTitle } from "../../../lib/useTitle";
import classes from "./Operator.module.css";
import { PagedList } from "./PagedList";

export function SearchedList<T extends { id: string }>(props: {
  title: string;
  lead: string;
  queryKey: (search: string, page: number) => readonly unknown[];
  queryFn: (search: string, page: number) => Promise<Page<T>>;
  empty: { title: string; text: string };
  children: (item: T) => ReactNode;
}) {
  useTitle(props.title);
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 250);
  const [page, setPage] = useState(1);
  const list = useQuery({
    queryKey: props.queryKey(search, page),
    queryFn: () => props.queryFn(search, page),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <div className={classes.head}>
        <div>
          <h1>{props.title}</h1>
          <p className={classes.lead}>{props.lead}</p>
        </div>
        <TextInput
          label="Search"
          placeholder="Name or address"
          value={text}
          maxLength={100}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setPage(1);
          }}
        />
      </div>
      <PagedList list={list} page={page} onPage={setPage} empty={props.empty}>
        {props.children}
      </PagedList>
    </>
  );
}
