/** Which list is shown, in which order, narrowed by which search. */
import { useMemo } from "react";
import type { Filter, TaskQuery } from "../api/types";
import { useFilters } from "../filters/queries";
import { useRoute, type Route, type Sort } from "../route";
import { both } from "../search/conditions";
import { meaning, type Mistake } from "../search/language";
import { useMe } from "../session/me";
import {
  LISTS,
  ordered,
  shownVariables,
  type ListDefinition,
  type ShownVariable,
} from "./definitions";
import { usePages } from "./use_pages";
import type { TaskPages } from "./pages";

export interface ShownList {
  key: string;
  definition: ListDefinition;
  /** The saved filter that is shown, where it is none of the usual lists. */
  filter: Filter | undefined;
  sort: Sort;
  words: string;
  pages: TaskPages;
  variables: ShownVariable[];
  mistakes: Mistake[];
  /** The query as it would be sent now. */
  query: () => TaskQuery;
  /** Whether there is such a list, as far as one knows now. */
  isKnown: boolean;
}

/** What the list at a place is, and what it asks for. */
export interface ListAt {
  key: string;
  definition: ListDefinition;
  filter: Filter | undefined;
  sort: Sort;
  variables: ShownVariable[];
  query: () => TaskQuery;
  /** False for a saved filter that is none of those that are known. */
  isKnown: boolean;
}

type Place = Pick<Route, "list" | "words" | "sort">;

/** The list at a place; saved filters are known by `filters` only. */
export function listAt(
  me: string,
  { list, words, sort: chosen }: Place,
  filters: Filter[],
): ListAt {
  const filter = filters.find((each) => `filter:${each.id}` === list);
  const definition =
    LISTS.find((each) => each.key === list) ?? (filter ? LISTS.at(-1)! : LISTS[0]!);
  const variables = shownVariables(filter);
  const shown = variables.map(({ name }) => name);
  const sort = chosen ?? definition.sort;
  const query = (): TaskQuery => {
    const now = Date.now();
    const asked = filter ? filter.query : definition.query(me, now);
    const found = both(asked, meaning(words, { me, now, shown }).query);
    const kept = filter && !chosen && asked.sorting?.length;
    const sorted = kept ? found : ordered(found, sort);
    return shown.length ? { ...sorted, withTaskVariablesInReturn: true } : sorted;
  };
  const key = JSON.stringify([me, list, filter?.query, words, sort, shown]);
  const isKnown = !list.startsWith("filter:") || filter !== undefined;
  return { key, definition, filter, sort, variables, query, isKnown };
}

const NONE: Filter[] = [];

export function useList(): ShownList {
  const me = useMe();
  const { list, words, sort } = useRoute();
  const { data: filters = NONE } = useFilters();
  const found = useMemo(
    () => listAt(me.id, { list, words, sort }, filters),
    [me.id, list, words, sort, filters],
  );
  const pages = usePages(found.key, found.query, found.isKnown);
  const mistakes = useMemo(
    () => meaning(words, { me: me.id, now: Date.now() }).mistakes,
    [words, me.id],
  );
  return { ...found, words, pages, mistakes };
}
