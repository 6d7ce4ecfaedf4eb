/** The requests that change a task: one each, for the version that was seen. */
import { ask, type Got } from "../api/client";
import { errorOf } from "../api/errors";
import type { components } from "../api/schema";
import type { Task, Variables } from "../api/types";

/** Variables as they are sent. */
export type Given = Record<string, { value?: unknown; type?: string; valueInfo?: object }>;

export type ServiceAction = "start" | "complete" | "fail";

/** The new version, where the answer tells it. */
type Done = Promise<string | null>;

type OfTask = { id: string; version: string | null };

const at = ({ id, version }: OfTask) => ({ path: { id }, ifMatch: version });
const version = async (sent: Promise<Got<unknown>>): Done => (await sent).etag;

/** The task as it is now. */
export function read(id: string, before?: Got<Task>): Promise<Got<Task>> {
  return ask("get", "/task/{id}", { path: { id }, query: { withVersion: true } }, before);
}

export function claim(task: OfTask, userId: string): Done {
  return version(ask("post", "/task/{id}/claim", { ...at(task), body: { userId } }));
}

export function unclaim(task: OfTask): Done {
  return version(ask("post", "/task/{id}/unclaim", at(task)));
}

export function assign(task: OfTask, userId: string | null): Done {
  return version(ask("post", "/task/{id}/assignee", { ...at(task), body: { userId } }));
}

export function delegate(task: OfTask, userId: string): Done {
  return version(ask("post", "/task/{id}/delegate", { ...at(task), body: { userId } }));
}

export function resolve(task: OfTask, variables: Given): Done {
  return version(ask("post", "/task/{id}/resolve", { ...at(task), body: { variables } }));
}

/** By the form, since `complete` drops the variables of a task that no process surrounds. */
export function complete(task: OfTask, variables: Given): Done {
  return version(ask("post", "/task/{id}/submit-form", { ...at(task), body: { variables } }));
}

export function saveVariables(task: OfTask, modifications: Given): Done {
  return version(ask("post", "/task/{id}/variables", { ...at(task), body: { modifications } }));
}

/** A change that many tasks can have at once. */
export type BulkChange = Body["change"];

/** What became of one of many tasks. */
export type BulkResult = Answer["results"][number];

type Body = components["schemas"]["BulkChange"];
type Answer = components["schemas"]["BulkResults"];

/** Tasks that one request may change. */
export const MOST_AT_ONCE = 100;

/** The same change of many tasks: a result for each that was reached. */
export async function changeAll(change: BulkChange, tasks: Body["tasks"]): Promise<BulkResult[]> {
  const { results } = (await ask("post", "/v1/tasks/bulk", { body: { change, tasks } })).data;
  return results;
}

/** The same of one task, whose refusal is an error. */
export async function change({ id, version }: OfTask, change: BulkChange): Done {
  const known = version === null ? {} : { version: Number(version.replaceAll('"', "")) };
  const [result] = await changeAll(change, [{ id, ...known }]);
  if (result?.status === 200) return `"${result.version}"`;
  throw errorOf(result?.status ?? 503, JSON.stringify(result?.error ?? {}));
}

export function act(task: OfTask, sid: string, action: ServiceAction, reason?: string): Done {
  const body = reason ? { action, reason } : { action };
  const path = { sid, tid: task.id };
  return version(
    ask("post", "/v1/services/{sid}/tasks/{tid}/action", { path, ifMatch: task.version, body }),
  );
}

/** A comment does not depend on the task's version: nobody's work is overwritten. */
export async function comment(id: string, message: string, key: string): Promise<void> {
  await ask("post", "/task/{id}/comment/create", { path: { id }, body: { message }, key });
}

export async function attach(id: string, file: File, key: string): Promise<void> {
  const body = new FormData();
  body.set("attachment-name", file.name);
  body.set("attachment-type", file.type);
  body.set("content", file);
  await ask("post", "/task/{id}/attachment/create", { path: { id }, body, key });
}

/** What a new task may have. */
export interface NewTask {
  id: string;
  name: string;
  description: string | null;
  assignee: string | null;
  due: string | null;
  followUp: string | null;
  priority: number;
}

/** Creates a task; the same key creates it once. */
export async function create(task: NewTask, key: string): Promise<void> {
  await ask("post", "/task/create", { body: task, key });
}

/** Offers a task to a group. */
export async function offer(id: string, groupId: string): Promise<void> {
  const body = { groupId, type: "candidate" };
  await ask("post", "/task/{id}/identity-links", { path: { id }, body });
}

/** The variables that a task sees. */
export async function variables(id: string): Promise<Variables> {
  const path = { id };
  return (await ask("get", "/task/{id}/form-variables", { path })).data as Variables;
}
