/** Asks for what the first view shows before any of it is drawn: a start waits for the service. */
import type { QueryClient } from "@tanstack/react-query";
import { lookNow } from "../api/look";
import { filtersQuery } from "../filters/queries";
import { isNarrow } from "../parts/use_narrow";
import { here } from "../route";
import type { Person } from "../session/session";
import { countsQuery } from "./use_counts";
import { listAt } from "./use_list";
import { pagesOf } from "./use_pages";

/** One request for the list, the numbers beside it and the saved filters, sent at once. */
export function lookAhead(client: QueryClient, me: Person): void {
  const place = here();
  // What a saved filter asks for is not known yet.
  if (!place.list.startsWith("filter:")) {
    const { key, query } = listAt(me.id, place, []);
    void pagesOf(key, query).more();
  }
  void client.prefetchQuery(filtersQuery(client));
  if (!isNarrow()) void client.prefetchQuery(countsQuery(me.id));
  lookNow();
}
