/** Saved filters: task queries with a name, which people share. */
import { queryOptions, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { ask } from "../api/client";
import { lookAtFilters, type Seen } from "../api/look";
import { PACE, Turn, useWatch } from "../api/pulse";
import type { Filter } from "../api/types";

const turn = new Turn();

/** How the filters are asked for. */
export function filtersQuery(client: QueryClient) {
  const queryKey = ["count", "filters"];
  return queryOptions({
    queryKey,
    queryFn: async () => {
      const found = await lookAtFilters(client.getQueryData<Seen<Filter[]>>(queryKey));
      turn.took(found.readUnits);
      return found;
    },
    staleTime: PACE / 2,
  });
}

/** All filters that the person sees, with their numbers where these are not too expensive. */
export function useFilters() {
  return useQuery({ ...filtersQuery(useQueryClient()), select: ({ data }) => data });
}

/** Follows the filters and their numbers while the page is visible. */
export function useWatchedFilters() {
  const query = useFilters();
  useWatch(() => void (turn.isDue && query.refetch({ cancelRefetch: false })));
  return query;
}

/** What a filter is made of. */
export interface FilterContent {
  name: string;
  owner: string | null;
  query: Filter["query"];
  properties: Record<string, unknown>;
}

export async function createFilter(content: FilterContent): Promise<Filter> {
  const body = { resourceType: "Task" as const, ...content };
  return (await ask("post", "/filter/create", { body: body as never })).data as Filter;
}

export async function removeFilter(id: string): Promise<void> {
  await ask("delete", "/filter/{id}", { path: { id } });
}
