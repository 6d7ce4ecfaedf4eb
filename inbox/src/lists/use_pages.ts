/** The list that is shown: its pages, kept for the next time. */
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { lookAtTasks, lookNow } from "../api/look";
import type { Task, TaskQuery } from "../api/types";
import { TaskPages, type Fetch } from "./pages";

const MOST_KEPT = 12;
const kept = new Map<string, TaskPages>();

/** The pages of a list; `key` tells lists apart, `query` says what it asks for now. One that is not
 * known is not asked for. */
export function usePages(key: string, query: () => TaskQuery, isKnown: boolean): TaskPages {
  const pages = useMemo(() => pagesOf(key, query), [key]);
  useSyncExternalStore(pages.subscribe, pages.snapshot);
  useEffect(() => {
    if (!isKnown) return;
    void pages.come();
    // Somebody waits for these tasks, and for nothing else.
    lookNow();
  }, [pages, isKnown]);
  return pages;
}

/** The pages of a list, as far as they are loaded already. */
export function pagesOf(key: string, query: () => TaskQuery): TaskPages {
  const known = kept.get(key);
  const pages = known ?? new TaskPages(fetched(query));
  kept.delete(key);
  kept.set(key, pages);
  const oldest = kept.keys().next().value;
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  return pages;
}

/** Every list shows what was just changed here. */
export function settleLists(): void {
  for (const pages of kept.values()) pages.settle();
}

/** Reads the beginning of the list that was shown last again; its tasks as they are then. */
export async function refreshList(): Promise<readonly Task[]> {
  const shown = [...kept.values()].at(-1);
  await shown?.refresh(0, 0);
  return shown?.tasks ?? [];
}

function fetched(query: () => TaskQuery): Fetch {
  return (token, size, before) => lookAtTasks(query(), { size, token }, before);
}
