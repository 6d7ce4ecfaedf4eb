/** Work on tasks: one request for each, a way back where there is one, conflicts told. */
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Got } from "../api/client";
import { ApiError, isConflict } from "../api/errors";
import type { Task } from "../api/types";
import { forgetDrafts } from "../drafts";
import { noteChange } from "../lists/pages";
import { settleLists } from "../lists/use_pages";
import { complain, tell } from "../parts/toasts";
import { go, here } from "../route";
import { useMe } from "../session/me";
import { t, type TextKey } from "../texts/texts";
import { explain } from "../texts/troubles";
import * as requests from "./requests";
import type { BulkChange, Given } from "./requests";
import { noteBusy, noteConflict } from "./state";

interface OfTask {
  id: string;
  version: string | null;
}

interface Step {
  request: (task: OfTask) => Promise<string | null>;
  done: TextKey;
  values?: Record<string, string>;
  /** What takes it back, of a task as it was before. */
  undo?: (before: Task) => Step;
  /** Whether the task is gone afterwards. */
  ends?: boolean;
}

/** What the page calls when a task has ended: the place where the next one opens. */
export const afterEnd = { run: (_id: string): void => undefined };

export type Work = ReturnType<typeof workOf>;

export function useWork(): Work {
  const client = useQueryClient();
  const me = useMe().id;
  return useMemo(() => workOf(client, me), [client, me]);
}

function workOf(client: QueryClient, me: string) {
  const perform = (id: string, step: Step, version?: string | null) =>
    performed(client, me, id, step, version);
  const changing =
    <A extends "due" | "followUp" | "priority">(action: A) =>
    (id: string, value: Task[A]) => {
      const to = (next: Task[A]) => ({ action, [action]: next }) as BulkChange;
      return perform(id, {
        request: (task) => requests.change(task, to(value)),
        done: `done.${action}`,
        undo: (before) => ({
          request: (task) => requests.change(task, to(before[action])),
          done: "done.undone",
        }),
      });
    };
  return {
    claim: (id: string) =>
      perform(id, {
        request: (task) => requests.claim(task, me),
        done: "done.claimed",
        undo: () => ({ request: requests.unclaim, done: "done.undone" }),
      }),
    unclaim: (id: string) =>
      perform(id, { request: requests.unclaim, done: "done.unclaimed", undo: assignedAgain }),
    assign: (id: string, person: string) =>
      perform(id, {
        request: (task) => requests.assign(task, person),
        done: "done.assigned",
        values: { person },
        undo: assignedAgain,
      }),
    delegate: (id: string, person: string) =>
      perform(id, {
        request: (task) => requests.delegate(task, person),
        done: "done.delegated",
        values: { person },
      }),
    resolve: (id: string, variables: Given = {}) =>
      perform(id, { request: (task) => requests.resolve(task, variables), done: "done.resolved" }),
    complete: (id: string, variables: Given = {}) =>
      perform(id, {
        request: (task) => requests.complete(task, variables),
        done: "done.completed",
        ends: true,
      }),
    save: (id: string, variables: Given) =>
      perform(id, {
        request: (task) => requests.saveVariables(task, variables),
        done: "done.saved",
      }),
    due: changing("due"),
    followUp: changing("followUp"),
    priority: changing("priority"),
    act: (id: string, sid: string, action: requests.ServiceAction, reason?: string) =>
      perform(id, {
        request: (task) => requests.act(task, sid, action, reason),
        done: `done.${action}`,
        ends: action !== "start",
      }),
    /** Something was added to a task beside its properties. */
    added: (id: string) => reread(client, id),
  };
}

const assignedAgain = (before: Task): Step => ({
  request: (task) => requests.assign(task, before.assignee),
  done: "done.undone",
});

const under = new Map<string, Promise<unknown>>();

/** Work on a task waits for what is under way with it, so that nothing that was asked is lost. */
function performed(...asked: Parameters<typeof performedAlone>): Promise<boolean> {
  const id = asked[2];
  const done = (under.get(id) ?? Promise.resolve()).then(() => performedAlone(...asked));
  under.set(id, done);
  return done;
}

async function performedAlone(
  client: QueryClient,
  me: string,
  id: string,
  step: Step,
  known?: string | null,
): Promise<boolean> {
  noteBusy(id, true);
  let since = "";
  try {
    const seen = client.getQueryData<Got<Task>>(["task", id]) ?? (await requests.read(id));
    since = seen.data.lastUpdated ?? seen.data.created;
    const version = await step.request({ id, version: known ?? seen.etag });
    noteConflict(id, null);
    if (step.ends) ended(client, me, id);
    else await reread(client, id);
    const { undo } = step;
    const back = undo && (() => void performed(client, me, id, undo(seen.data), version));
    tell(t(step.done, step.values), back);
    return true;
  } catch (error) {
    refused(id, error, since);
    return false;
  } finally {
    noteBusy(id, false);
  }
}

function refused(id: string, error: unknown, since: string): void {
  if (!isConflict(error)) {
    // The page says by itself that the sign-in has ended.
    if (!(error instanceof ApiError && error.trouble === "signedOut")) complain(explain(error));
    return;
  }
  noteConflict(id, { error, since });
  if (here().task !== id) go({ task: id });
}

function ended(client: QueryClient, me: string, id: string): void {
  forgetDrafts(me, id);
  noteChange(id, null);
  afterEnd.run(id);
  settleLists();
  client.removeQueries({ queryKey: ["task", id] });
  void client.invalidateQueries({ queryKey: ["count"] });
}

/** Shows a task as it is now, wherever it is shown. */
export async function reread(client: QueryClient, id: string): Promise<void> {
  try {
    const got = await requests.read(id);
    client.setQueryData(["task", id], got);
    noteChange(id, got.data);
    settleLists();
  } catch {
    // It may be out of sight now; the component that shows it says so.
    void client.invalidateQueries({ queryKey: ["task", id] });
  }
  void client.invalidateQueries({ queryKey: ["count"] });
}
