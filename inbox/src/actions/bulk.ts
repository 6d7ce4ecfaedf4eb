/** The same work on several tasks, with a result for each. */
import type { QueryClient } from "@tanstack/react-query";
import type { Got } from "../api/client";
import { ApiError } from "../api/errors";
import type { Task } from "../api/types";
import { noteChange } from "../lists/pages";
import { settleLists } from "../lists/use_pages";
import { store } from "../parts/store";
import { explain } from "../texts/troubles";
import * as requests from "./requests";

export type BulkKind =
  "claim" | "unclaim" | "assign" | "priority" | "due" | "followUp" | "complete" | "delegate";

/** What became of one task; `why` where it failed. */
export interface Result {
  id: string;
  name: string;
  state: "waiting" | "done" | "failed";
  why?: string;
}

export interface Run {
  kind: BulkKind;
  value: string | null;
  results: readonly Result[];
  ended: boolean;
}

/** The work that is under way or has just ended. */
export const run = store<Run | null>(null);

/** Opens the window that does the work. */
export function bulkRun(kind: BulkKind, ids: readonly string[], value: string | null = null): void {
  const results = ids.map((id): Result => ({ id, name: id, state: "waiting" }));
  run.set({ kind, value, results, ended: false });
}

const AT_ONCE = 4;

/** Works on every task that waits, a few at a time. */
export async function work(client: QueryClient, me: string, names: Map<string, string>) {
  const begun = run.get();
  if (!begun) return;
  const waiting = begun.results.filter(({ state }) => state === "waiting").map(({ id }) => id);
  const next = async (): Promise<void> => {
    const id = waiting.shift();
    if (id === undefined || run.get()?.kind !== begun.kind) return;
    note({ id, name: names.get(id) ?? id, ...(await outcome(client, me, begun, id)) });
    await next();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  settleLists();
  run.set((now) => now && { ...now, ended: true });
  void client.invalidateQueries({ queryKey: ["count"] });
}

/** The failed ones wait again. */
export function retry(): void {
  run.set(
    (now) =>
      now && {
        ...now,
        ended: false,
        results: now.results.map((each) =>
          each.state === "failed" ? { id: each.id, name: each.name, state: "waiting" } : each,
        ),
      },
  );
}

async function outcome(client: QueryClient, me: string, { kind, value }: Run, id: string) {
  try {
    const seen = await requests.read(id);
    const version = await changed(kind, value, me, seen);
    if (kind === "complete") noteChange(id, null);
    else noteChange(id, (await requests.read(id)).data);
    client.removeQueries({ queryKey: ["task", id] });
    return { state: "done" as const, version };
  } catch (error) {
    if (error instanceof ApiError && error.trouble === "gone") noteChange(id, null);
    return { state: "failed" as const, why: explain(error) };
  }
}

function changed(kind: BulkKind, value: string | null, me: string, seen: Got<Task>) {
  const task = { id: seen.data.id, version: seen.etag };
  switch (kind) {
    case "claim":
      return requests.claim(task, me);
    case "unclaim":
      return requests.unclaim(task);
    case "assign":
      return requests.assign(task, value);
    case "delegate":
      return requests.delegate(task, value ?? me);
    case "complete":
      return requests.complete(task, {});
    case "due":
      return requests.change(task, seen.data, { due: value });
    case "followUp":
      return requests.change(task, seen.data, { followUp: value });
    case "priority":
      return requests.change(task, seen.data, { priority: Number(value) });
  }
}

function note(result: Result): void {
  run.set(
    (now) =>
      now && {
        ...now,
        results: now.results.map((each) => (each.id === result.id ? result : each)),
      },
  );
}
