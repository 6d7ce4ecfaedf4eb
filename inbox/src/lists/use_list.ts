/** Which list is shown, in which order, narrowed by which search. */
import { useCallback, useMemo } from "react";
import type { Filter, TaskQuery } from "../api/types";
import { useFilters } from "../filters/queries";
import { useRoute, type Sort } from "../route";
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
}

export function useList(): ShownList {
  const me = useMe();
  const { list, words, sort: chosen } = useRoute();
  const { data: filters } = useFilters();
  const filter = filters?.find((each) => `filter:${each.id}` === list);
  const definition =
    LISTS.find((each) => each.key === list) ?? (filter ? LISTS.at(-1)! : LISTS[0]!);
  const variables = useMemo(() => shownVariables(filter), [filter]);
  const shown = useMemo(() => variables.map(({ name }) => name), [variables]);
  const sort = chosen ?? definition.sort;

  const query = useCallback((): TaskQuery => {
    const now = Date.now();
    const asked = filter ? filter.query : definition.query(me.id, now);
    const found = both(asked, meaning(words, { me: me.id, now, shown }).query);
    const kept = filter && !chosen && asked.sorting?.length;
    const sorted = kept ? found : ordered(found, sort);
    return shown.length ? { ...sorted, withTaskVariablesInReturn: true } : sorted;
  }, [filter, definition, me.id, words, shown, sort, chosen]);

  const key = JSON.stringify([me.id, list, filter?.query, words, sort, shown]);
  const pages = usePages(key, query);
  const mistakes = useMemo(
    () => meaning(words, { me: me.id, now: Date.now() }).mistakes,
    [words, me.id],
  );
  return { key, definition, filter, sort, words, pages, variables, mistakes, query };
}
