import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { keys } from "./keys";
import { refreshLinked } from "./live";

it("asks again for what a notification leads to, and for nothing else", () => {
  const client = new QueryClient();
  const all = [
    keys.ticket("a"),
    keys.ticketMessages("a"),
    keys.ticket("b"),
    keys.comments("p"),
    keys.projects,
  ];
  const stale = () => all.filter((key) => client.getQueryState(key)?.isInvalidated);
  const fresh = () => {
    for (const key of all) client.setQueryData(key, {});
  };
  fresh();
  refreshLinked(client, "/support/a");
  expect(stale()).toEqual([keys.ticket("a"), keys.ticketMessages("a")]);
  fresh();
  refreshLinked(client, "/community/p");
  expect(stale()).toEqual([keys.comments("p")]);
  fresh();
  for (const link of ["/", "/support", "/projects/1", "/operator/status"]) refreshLinked(client, link);
  expect(stale()).toEqual([]);
});
