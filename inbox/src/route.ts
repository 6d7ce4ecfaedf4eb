/** The place that is shown, as the address after `#` says it: `#/mine?task=…&q=…&sort=due`. */
import { useSyncExternalStore } from "react";

export const SORTS = ["newest", "oldest", "due", "priority", "name"] as const;
export type Sort = (typeof SORTS)[number];

export interface Route {
  /** A list's key, or `filter:` and a filter's id. */
  list: string;
  task: string | null;
  words: string;
  sort: Sort | null;
}

/** The place that a hash stands for; anything unknown is as good as nothing. */
export function read(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const query = new URLSearchParams(search);
  const sort = query.get("sort");
  return {
    list: decoded(path) || "mine",
    task: query.get("task") || null,
    words: query.get("q") ?? "",
    sort: SORTS.find((each) => each === sort) ?? null,
  };
}

/** The hash of a place. */
export function written(route: Route): string {
  const query = new URLSearchParams();
  if (route.words) query.set("q", route.words);
  if (route.sort) query.set("sort", route.sort);
  if (route.task) query.set("task", route.task);
  return `#/${encodeURIComponent(route.list)}${query.size ? `?${query}` : ""}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

const listeners = new Set<() => void>();
let current = read(location.hash);

/** The address has changed: whatever shows the place shows the new one. */
export function arrived(): void {
  const next = read(location.hash);
  if (written(next) === written(current)) return;
  current = next;
  for (const listener of listeners) listener();
}

addEventListener("popstate", arrived);
addEventListener("hashchange", arrived);

/** Shows another place; what is not named stays. `replace` leaves no step to go back to. */
export function go(change: Partial<Route>, replace = false): void {
  const target = written({ ...current, ...change });
  if (target === written(current)) return;
  history[replace ? "replaceState" : "pushState"](null, "", target);
  arrived();
}

/** The place that is shown now. */
export function here(): Route {
  return current;
}

/** Calls back whenever another place is shown, before any of it is drawn. */
export function onArrival(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useRoute(): Route {
  return useSyncExternalStore(onArrival, here);
}
