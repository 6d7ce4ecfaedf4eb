/** The list that is shown: its pages, kept for the next time, and followed while it is seen. */
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { ask, type Got } from "../api/client";
import type { Task, TaskQuery } from "../api/types";
import { TaskPages, type Fetch } from "./pages";

/** Milliseconds between two looks at what is shown. */
export const PACE = 8_000;

const MOST_KEPT = 12;
const kept = new Map<string, TaskPages>();

/** The pages of a list; `key` tells lists apart, `query` says what it asks for now. */
export function usePages(key: string, query: () => TaskQuery): TaskPages {
  const pages = useMemo(() => pagesOf(key, query), [key]);
  useSyncExternalStore(pages.subscribe, pages.snapshot);
  useEffect(() => {
    if (pages.state === "loading") void pages.more();
  }, [pages]);
  return pages;
}

function pagesOf(key: string, query: () => TaskQuery): TaskPages {
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

/** Reads the beginning of the list that was shown last again. */
export async function refreshList(): Promise<void> {
  await [...kept.values()].at(-1)?.refresh(0, 0);
}

function fetched(query: () => TaskQuery): Fetch {
  return async (token, size, before) => {
    const place = { maxResults: size, pageToken: token, withVersion: true };
    const sent = { query: place, body: query() };
    // Without `explain` the answer is the list itself.
    return (await ask("post", "/task", sent, before)) as Got<Task[]>;
  };
}

/** Calls `look` every few seconds while the page is visible, and when it becomes visible. */
export function useWatch(look: () => void): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = () => {
      clearTimeout(timer);
      if (document.visibilityState !== "visible") return;
      timer = setTimeout(() => {
        look();
        next();
      }, PACE);
    };
    const seen = () => {
      if (document.visibilityState === "visible") look();
      next();
    };
    next();
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [look]);
}
