/** The number of tasks of each list, as far as it is cheap to know. */
import { useQuery } from "@tanstack/react-query";
import { ask } from "../api/client";
import { ApiError } from "../api/errors";
import type { Task } from "../api/types";
import { useMe } from "../session/me";
import { counts, type Counts } from "./counting";
import { concerning, LISTS } from "./definitions";
import { PACE } from "./use_pages";

/** Tasks that one request brings; whoever has more has every list counted by the service. */
const MOST = 200;

/** The numbers by the lists' keys; those that are not known are missing. */
export function useCounts(): Counts {
  const me = useMe().id;
  const { data } = useQuery({
    queryKey: ["count", "lists", me],
    queryFn: () => counted(me),
    // What costs too much is not asked for again.
    refetchInterval: (query) =>
      query.state.error instanceof ApiError && query.state.error.status === 422 ? false : PACE,
    staleTime: PACE / 2,
    retry: false,
  });
  return data ?? {};
}

/** One request for all numbers where the person's tasks fit into it. */
async function counted(me: string): Promise<Counts> {
  const { data, next } = await ask("post", "/task", {
    query: { maxResults: MOST },
    body: concerning(me),
  });
  if (next === null) return counts(data as Task[], me, Date.now());
  const lists = LISTS.filter((list) => list.counted);
  const numbers = await Promise.all(
    lists.map(async (list) => {
      const body = list.query(me, Date.now());
      const answer = await ask("post", "/task/count", { body });
      return [list.key, (answer.data as { count: number }).count] as const;
    }),
  );
  return Object.fromEntries(numbers);
}
