/** The same work on several tasks, with a result for each. */
import type { QueryClient } from "@tanstack/react-query";
import { ApiError, errorOf } from "../api/errors";
import type { Task } from "../api/types";
import { noteChange } from "../lists/pages";
import { refreshList, settleLists } from "../lists/use_pages";
import { store } from "../parts/store";
import { t } from "../texts/texts";
import { explain } from "../texts/troubles";
import { changeAll, MOST_AT_ONCE, type BulkChange, type BulkResult } from "./requests";

export type BulkKind = Exclude<BulkChange["action"], "resolve">;

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
  /** Whether some have been tried before, so that the list has to be read again first. */
  again: boolean;
}

/** The work that is under way or has just ended. */
export const run = store<Run | null>(null);

/** Opens the window that does the work. */
export function bulkRun(kind: BulkKind, ids: readonly string[], value: string | null = null): void {
  const results = ids.map((id): Result => ({ id, name: id, state: "waiting" }));
  run.set({ kind, value, results, ended: false, again: false });
}

/** Works on every task that waits, for the version that the list shows; the failed may follow. */
export async function work(client: QueryClient, shown: readonly Task[]): Promise<void> {
  const begun = run.get();
  if (!begun) return;
  const tasks = begun.again ? await refreshList() : shown;
  const seen = new Map(tasks.map((task) => [task.id, task]));
  const waiting = begun.results.filter(({ state }) => state === "waiting").map(({ id }) => id);
  for (let start = 0; start < waiting.length; start += MOST_AT_ONCE) {
    const ids = waiting.slice(start, start + MOST_AT_ONCE);
    note(await outcomes(begun, ids, seen), seen);
  }
  for (const id of waiting) client.removeQueries({ queryKey: ["task", id] });
  settleLists();
  await refreshList();
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
        again: true,
        results: now.results.map((each) =>
          each.state === "failed" ? { id: each.id, name: each.name, state: "waiting" } : each,
        ),
      },
  );
}

type Outcome = Omit<Result, "name">;

async function outcomes(
  { kind, value }: Run,
  ids: readonly string[],
  seen: ReadonlyMap<string, Task>,
): Promise<Outcome[]> {
  const tasks = ids.map((id) => ({ id, version: seen.get(id)?.version ?? null }));
  try {
    const results = await changeAll(change(kind, value), tasks);
    const found = new Map(results.map((result) => [result.id, result]));
    return ids.map((id) => outcome(kind, id, found.get(id)));
  } catch (error) {
    return ids.map((id) => ({ id, state: "failed", why: explain(error) }));
  }
}

function outcome(kind: BulkKind, id: string, result: BulkResult | undefined): Outcome {
  if (result?.status === 200) {
    if (kind === "complete") noteChange(id, null);
    return { id, state: "done" };
  }
  const error = result
    ? errorOf(result.status, JSON.stringify(result.error))
    : new ApiError("refused", 0, t("bulk.notReached"));
  if (error.trouble === "gone") noteChange(id, null);
  return { id, state: "failed", why: explain(error) };
}

function change(kind: BulkKind, value: string | null): BulkChange {
  switch (kind) {
    case "assign":
    case "delegate":
      return { action: kind, userId: value };
    case "due":
      return { action: kind, due: value };
    case "followUp":
      return { action: kind, followUp: value };
    case "priority":
      return { action: kind, priority: Number(value) };
    default:
      return { action: kind };
  }
}

function note(outcomes: readonly Outcome[], seen: ReadonlyMap<string, Task>): void {
  const found = new Map(outcomes.map((each) => [each.id, each]));
  run.set(
    (now) =>
      now && {
        ...now,
        results: now.results.map((each) => {
          const name = seen.get(each.id)?.name || each.name;
          return { ...each, name, ...found.get(each.id) };
        }),
      },
  );
}
