/** What the parts of the page that work on tasks share. */
import type { ApiError } from "../api/errors";
import { store } from "../parts/store";

/** The dialogs that work on a task, or on several. */
export type Question =
  "assign" | "delegate" | "due" | "followUp" | "fail" | "priority" | "complete";

export type Open =
  | { kind: "palette" | "help" | "settings" | "create" | "filter" | "query" }
  | { kind: "ask"; question: Question; ids: readonly string[] };

/** The dialog that is open. */
export const dialog = store<Open | null>(null);

/** Ids of the tasks that are selected in the list. */
export const selection = store<ReadonlySet<string>>(new Set());

/** What was refused, of a task that had last been changed at an instant, as far as was known. */
export interface Refusal {
  error: ApiError;
  since: string;
}

/** What was refused because somebody else was faster, by task. */
export const conflicts = store<ReadonlyMap<string, Refusal>>(new Map());

/** Ids of tasks that a request is under way for. */
export const busy = store<ReadonlySet<string>>(new Set());

export function noteConflict(id: string, refusal: Refusal | null): void {
  conflicts.set((before) => {
    const after = new Map(before);
    if (refusal) after.set(id, refusal);
    else after.delete(id);
    return after;
  });
}

export function noteBusy(id: string, is: boolean): void {
  busy.set((before) => {
    const after = new Set(before);
    if (is) after.add(id);
    else after.delete(id);
    return after;
  });
}
