/** Conditions of task queries, joined so that all of them hold. */
import type { OrQuery, TaskQuery } from "../api/types";

type Key = keyof TaskQuery & keyof OrQuery;

/** Properties of one level that exclude or silence those of the other side. */
const APART: readonly (readonly [readonly string[], readonly string[]])[] = [
  [["candidateUser"], ["candidateGroup", "candidateGroups"]],
  [["withoutDueDate"], ["dueDate", "dueBefore", "dueAfter"]],
  [["followUpBefore"], ["followUpBeforeOrNotExistent"]],
  [["active"], ["suspended"]],
];

/** A query that asks for what `query` asks for, and for everything that `condition` does. */
export function both(query: TaskQuery, condition: TaskQuery): TaskQuery {
  const { orQueries, sorting, ...plain } = condition;
  const joined: TaskQuery = { ...query };
  const further: OrQuery[] = [...(query.orQueries ?? []), ...(orQueries ?? [])];
  for (const [name, value] of Object.entries(plain)) {
    if (value === undefined) continue;
    if (isTaken(joined, name)) further.push({ [name as Key]: value } as OrQuery);
    else (joined as Record<string, unknown>)[name] = value;
  }
  if (further.length) joined.orQueries = further;
  if (sorting) joined.sorting = sorting;
  return joined;
}

function isTaken(query: TaskQuery, name: string): boolean {
  const rivals = APART.flatMap(([one, other]) => {
    if (one.includes(name)) return other;
    return other.includes(name) ? one : [];
  });
  return [name, ...rivals].some((each) => each in query || `${each}Expression` in query);
}

/** A text that a pattern looks for as it is. */
export function literally(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
