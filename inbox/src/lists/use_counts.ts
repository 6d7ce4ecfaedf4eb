/** The number of tasks of each list, as far as it is cheap to know. */
import { useQueries } from "@tanstack/react-query";
import { ask } from "../api/client";
import { ApiError } from "../api/errors";
import { useMe } from "../session/me";
import { LISTS } from "./definitions";
import { PACE } from "./use_pages";

const counted = LISTS.filter((list) => list.counted);

/** The numbers by the lists' keys; those that are not known are missing. */
export function useCounts(): Readonly<Record<string, number>> {
  const me = useMe().id;
  return useQueries({
    queries: counted.map((list) => ({
      queryKey: ["count", list.key, me],
      queryFn: async () => {
        const body = list.query(me, Date.now());
        const { data } = await ask("post", "/task/count", { body });
        return (data as { count: number }).count;
      },
      // One that costs too much is not asked for again.
      refetchInterval: (query: { state: { error: unknown } }) =>
        query.state.error instanceof ApiError && query.state.error.status === 422 ? false : PACE,
      staleTime: PACE / 2,
      retry: false as const,
    })),
    combine: (results) =>
      Object.fromEntries(
        counted.flatMap(({ key }, index) => {
          const number = results[index]?.data;
          return number === undefined ? [] : [[key, number]];
        }),
      ),
  });
}
