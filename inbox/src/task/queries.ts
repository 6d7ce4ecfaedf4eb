/** What is read of one task, and read again while it is shown. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { ask, type Got } from "../api/client";
import { ApiError } from "../api/errors";
import { lookAtTasks } from "../api/look";
import { PACE, untilAnswered, useWatch } from "../api/pulse";
import type { Attachment, Comment, IdentityLink, LogEntry, Task } from "../api/types";
import { read, variables } from "../actions/requests";

/** The task; asked for again when it has changed. */
export function useTask(id: string) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ["task", id],
    queryFn: () => read(id, client.getQueryData<Got<Task>>(["task", id])),
    staleTime: PACE / 2,
  });
  const { data, error, refetch } = query;
  const looked = useRef<Got<Task[]>>(undefined);
  useWatch(async () => {
    if (isGone(error)) return;
    try {
      // What every other part of the page is looked at with.
      const seen = await lookAtTasks({ taskId: id }, { size: 1 }, looked.current);
      looked.current = seen;
      const [task] = seen.data;
      if (task?.id === id && `"${task.version}"` === data?.etag) return;
    } catch {
      // The task itself says what is wrong.
    }
    void refetch({ cancelRefetch: false });
  });
  return query;
}

/** Whether the task is open no longer, or out of the caller's sight. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.trouble === "gone";
}

/** A part of a task is read again when the task has another version. */
function usePart<T>(
  name: string,
  id: string,
  version: string | null,
  read: () => Promise<T>,
  again: readonly number[] = [],
) {
  return useQuery({
    queryKey: ["part", id, name, version],
    queryFn: read,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    refetchInterval: (query) =>
      untilAnswered(query) || (again[query.state.dataUpdateCount - 1] ?? false),
  });
}

export function useVariables(id: string, version: string | null) {
  return usePart("variables", id, version, () => variables(id));
}

export function useComments(id: string, version: string | null) {
  return usePart("comments", id, version, async () => {
    const { data } = await ask("get", "/task/{id}/comment", { path: { id } });
    return data as Comment[];
  });
}

export function useAttachments(id: string, version: string | null) {
  return usePart("attachments", id, version, async () => {
    const { data } = await ask("get", "/task/{id}/attachment", { path: { id } });
    return data as Attachment[];
  });
}

export function useLinks(id: string, version: string | null) {
  return usePart("links", id, version, async () => {
    const query = { type: "candidate" };
    const { data } = await ask("get", "/task/{id}/identity-links", { path: { id }, query });
    return data as IdentityLink[];
  });
}

/** Milliseconds after which the log is read again: its newest line may have come since. */
const FOLLOWED = [1_000, 4_000, 15_000];

export function useHistory(id: string, version: string | null) {
  return usePart("history", id, version, () => log(id), FOLLOWED);
}

/** The log of a task, the newest line first; it is written a moment after the change. */
export async function log(id: string): Promise<LogEntry[]> {
  const query = { taskId: id, sortBy: "timestamp", sortOrder: "desc", maxResults: 200 };
  return (await ask("get", "/history/user-operation", { query })).data as LogEntry[];
}

/** The business key of a task's process. */
export function useBusinessKey(processInstanceId: string | null) {
  return useQuery({
    queryKey: ["process", processInstanceId],
    queryFn: async () => {
      const path = { id: processInstanceId! };
      const { data } = await ask("get", "/process-instance/{id}", { path });
      return (data as { businessKey: string | null }).businessKey;
    },
    enabled: processInstanceId !== null,
    staleTime: Infinity,
    refetchInterval: untilAnswered,
  });
}
