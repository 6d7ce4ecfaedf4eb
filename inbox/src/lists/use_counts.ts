/** The number of tasks of each list, as far as it is cheap to know. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Got } from "../api/client";
import { ApiError } from "../api/errors";
import { lookAtNumber, lookAtTasks } from "../api/look";
import { PACE, Turn, useWatch } from "../api/pulse";
import type { Task } from "../api/types";
import { useMe } from "../session/me";
import { counts, type Counts } from "./counting";
import { concerning, LISTS } from "./definitions";

/** Tasks that one request brings; a person with more has every list counted by the service. */
const MOST = 200;

const turn = new Turn();
/** What concerns the person, as it was found last; null while that is more than `MOST`. */
let before: Got<Task[]> | null | undefined;

/** How the numbers of somebody's lists are asked for. */
export function countsQuery(me: string) {
  return queryOptions({
    queryKey: ["count", "lists", me],
    queryFn: () => counted(me),
    staleTime: PACE / 2,
    retry: false,
  });
}

/** The numbers by the lists' keys; those that are not known are missing. */
export function useCounts(): Counts {
  const { data, error, refetch } = useQuery(countsQuery(useMe().id));
  // What costs too much is not asked for again.
  const isTooDear = error instanceof ApiError && error.status === 422;
  useWatch(() => void (!isTooDear && turn.isDue && refetch({ cancelRefetch: false })));
  return data ?? {};
}

/** One query for all numbers where the person's tasks fit into its answer. */
async function counted(me: string): Promise<Counts> {
  if (before !== null) {
    const found = await lookAtTasks(concerning(me), { size: MOST }, before);
    turn.took(found.readUnits);
    before = found.next === null ? found : null;
    if (before) return counts(found.data, me, Date.now());
  }
  const lists = LISTS.filter((list) => list.counted);
  const numbers = await Promise.all(
    lists.map(async (list) => lookAtNumber(list.query(me, Date.now()))),
  );
  turn.took(numbers.reduce((sum, { readUnits }) => sum + readUnits, 0));
  const found: Counts = Object.fromEntries(lists.map(({ key }, at) => [key, numbers[at]!.data]));
  if (Object.values(found).reduce((sum, number) => sum + number, 0) <= MOST) before = undefined;
  return found;
}
