/**
 * What the page shows, by one request: what is asked for at the same moment goes together, and
 * what has not changed since it was asked for before is not sent again.
 */
import { ask, type Got } from "./client";
import { ApiError, errorOf } from "./errors";
import type { components } from "./schema";
import type { Filter, Task, TaskQuery } from "./types";

type Asked = NonNullable<components["schemas"]["Look"]["queries"]>[number];
type Part = Partial<components["schemas"]["LookedAt"]["queries"][number]> & {
  status: number;
  filters?: unknown;
};

/** Something that was looked at; what it cost is told where the caller may know it. */
export interface Seen<Content> extends Got<Content> {
  readUnits: number;
}

/** Milliseconds in which requests that belong together are made. */
const TOGETHER = 10;
/** As many queries as one request may have. */
const MOST = 8;
const BUSY = 503;

interface Wanted {
  /** Null for the filters. */
  query: Omit<Asked, "tag"> | null;
  tag: string | null;
  isSecond: boolean;
  found: (part: Part) => void;
  failed: (error: unknown) => void;
}

let waiting: Wanted[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** A page of the tasks that a query finds; what has not changed is `before` itself. */
export async function lookAtTasks(
  query: TaskQuery,
  page: { size: number; token?: string | null },
  before?: Got<Task[]>,
): Promise<Seen<Task[]>> {
  const asked = { query, maxResults: page.size, pageToken: page.token ?? null };
  const part = await wanted(asked, before);
  return seen(part, before, (found) => (found.tasks ?? []) as Task[]);
}

/** How many tasks a query finds. */
export async function lookAtNumber(query: TaskQuery): Promise<Seen<number>> {
  return seen(await wanted({ query, count: true }), undefined, (found) => found.count ?? 0);
}

/** The stored filters by name, with their numbers where these are not too expensive. */
export async function lookAtFilters(before?: Seen<Filter[]>): Promise<Seen<Filter[]>> {
  return seen(await wanted(null, before), before, (found) => found.filters as Filter[]);
}

function seen<Content>(
  part: Part,
  before: Got<Content> | undefined,
  content: (part: Part) => Content,
): Seen<Content> {
  const readUnits = part.readUnits ?? 0;
  if (part.status === 304 && before) return Object.assign(before, { readUnits });
  const etag = part.tag ?? null;
  return { data: content(part), etag, next: part.nextPageToken ?? null, readUnits };
}

function wanted(query: Wanted["query"], before?: Got<unknown>): Promise<Part> {
  return new Promise((found, failed) => {
    put({ query, tag: before?.etag ?? null, isSecond: false, found, failed });
  });
}

function put(each: Wanted): void {
  waiting.push(each);
  timer ??= setTimeout(lookNow, TOGETHER);
}

/** Sends what is waiting; nothing more is to go with it. */
export function lookNow(): void {
  clearTimeout(timer);
  timer = undefined;
  const all = waiting;
  waiting = [];
  const filters = all.filter(({ query }) => query === null);
  const queries = all.filter(({ query }) => query !== null);
  for (let at = 0; at < Math.max(queries.length, filters.length ? 1 : 0); at += MOST) {
    void answered(queries.slice(at, at + MOST), at === 0 ? filters : []);
  }
}

async function answered(queries: Wanted[], filters: Wanted[]): Promise<void> {
  const body = {
    queries: queries.map(({ query, tag }) => ({ ...query!, tag })),
    filters: filters.length ? { tag: commonTag(filters) } : null,
  };
  try {
    const { data } = await ask("post", "/v1/look", { body });
    if (!Array.isArray(data?.queries)) throw new ApiError("unreadable", 200, "no look");
    queries.forEach((each, at) => told(each, data.queries[at]!));
    for (const each of filters) told(each, data.filters as Part);
  } catch (error) {
    for (const each of [...queries, ...filters]) each.failed(error);
  }
}

function commonTag(filters: Wanted[]): string | null {
  const tags = new Set(filters.map(({ tag }) => tag));
  return tags.size === 1 ? [...tags][0]! : null;
}

function told(each: Wanted, part: Part): void {
  if (part.status < 400) each.found(part);
  else if (part.status === BUSY && !each.isSecond)
    setTimeout(() => put({ ...each, isSecond: true }), 1000);
  else each.failed(errorOf(part.status, JSON.stringify(part.error ?? {})));
}
