/** Asks for what a view shows before any of it is drawn: one waits for the service alone. */
import type { QueryClient } from "@tanstack/react-query";
import { lookNow } from "../api/look";
import { filtersQuery } from "../filters/queries";
import { isNarrow } from "../parts/use_narrow";
import { here, onArrival } from "../route";
import type { Person } from "../session/session";
import { countsQuery } from "./use_counts";
import { listAt } from "./use_list";
import type { TaskPages } from "./pages";
import { pagesOf } from "./use_pages";

/** One request for the list, the numbers beside it and the saved filters, sent at once; from now
 * on also for each list that is gone to. */
export function lookAhead(client: QueryClient, me: Person): void {
  let before = askedList(client, me, null);
  void client.prefetchQuery(filtersQuery(client));
  if (!isNarrow()) void client.prefetchQuery(countsQuery(me.id));
  lookNow();
  onArrival(() => {
    before = askedList(client, me, before);
    lookNow();
  });
}

/**
 * The list at the place that is shown, null for one that is not known. It is asked for if it is
 * another one than `before`: opening a task beside the same list reads nothing.
 */
function askedList(client: QueryClient, me: Person, before: TaskPages | null): TaskPages | null {
  const filters = client.getQueryData(filtersQuery(client).queryKey)?.data ?? [];
  const { key, query, isKnown } = listAt(me.id, here(), filters);
  const pages = isKnown ? pagesOf(key, query) : null;
  if (pages !== before) void pages?.come();
  return pages;
}
