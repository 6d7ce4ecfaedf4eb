/** Saved filters: task queries with a name, which people share. */
import { useQuery } from "@tanstack/react-query";
import { ask } from "../api/client";
import { ApiError } from "../api/errors";
import type { Filter } from "../api/types";
import { PACE } from "../lists/use_pages";

/** All filters that the person sees, with their numbers where these are not too expensive. */
export function useFilters() {
  return useQuery({
    queryKey: ["count", "filters"],
    queryFn: filters,
    refetchInterval: PACE,
    staleTime: PACE / 2,
  });
}

async function filters(): Promise<Filter[]> {
  const query = { resourceType: "Task", sortBy: "name", sortOrder: "asc" };
  try {
    return (await ask("get", "/filter", { query: { ...query, itemCount: true } })).data as Filter[];
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 422) throw error;
    return (await ask("get", "/filter", { query })).data as Filter[];
  }
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
