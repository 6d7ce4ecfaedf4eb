/** The lists that everybody has, and what each asks for. */
import type { Filter, TaskQuery } from "../api/types";
import { both } from "../search/conditions";
import type { Sort } from "../route";
import type { TextKey } from "../texts/texts";
import { startOfDay } from "../texts/dates";

export interface ListDefinition {
  key: string;
  text: TextKey;
  empty: TextKey;
  /** The letter that follows `g`. */
  letter: string;
  sort: Sort;
  /** Whether its number is shown; counting everything would cost too much. */
  counted: boolean;
  query(me: string, now: number): TaskQuery;
}

const iso = (instant: number | Date) => new Date(instant).toISOString();

/** Assigned to a person, or offered to them while nobody has it. */
export const concerning = (me: string): TaskQuery => ({
  orQueries: [{ assignee: me, candidateUser: me }],
});

const awake = (now: number): TaskQuery => ({ followUpBeforeOrNotExistent: iso(now) });

export const LISTS: readonly ListDefinition[] = [
  {
    key: "mine",
    text: "list.mine",
    empty: "empty.mine",
    letter: "m",
    sort: "due",
    counted: true,
    query: (me, now) => ({ assignee: me, ...awake(now) }),
  },
  {
    key: "groups",
    text: "list.groups",
    empty: "empty.groups",
    letter: "g",
    sort: "newest",
    counted: true,
    query: (me, now) => ({ candidateUser: me, ...awake(now) }),
  },
  {
    key: "unassigned",
    text: "list.unassigned",
    empty: "empty.list",
    letter: "u",
    sort: "newest",
    counted: false,
    query: () => ({ unassigned: true }),
  },
  {
    key: "today",
    text: "list.today",
    empty: "empty.today",
    letter: "t",
    sort: "due",
    counted: true,
    query: (me, now) => ({
      ...concerning(me),
      dueAfter: iso(startOfDay(now).getTime() - 1),
      dueBefore: iso(startOfDay(now, 1)),
    }),
  },
  {
    key: "overdue",
    text: "list.overdue",
    empty: "empty.overdue",
    letter: "o",
    sort: "due",
    counted: true,
    query: (me, now) => ({ ...concerning(me), dueBefore: iso(now) }),
  },
  {
    key: "waiting",
    text: "list.waiting",
    empty: "empty.waiting",
    letter: "w",
    sort: "due",
    counted: true,
    query: (me, now) => ({ ...concerning(me), followUpAfter: iso(now) }),
  },
  {
    key: "all",
    text: "list.all",
    empty: "empty.list",
    letter: "a",
    sort: "newest",
    counted: false,
    query: () => ({}),
  },
];

const SORTINGS: Readonly<Record<Sort, NonNullable<TaskQuery["sorting"]>>> = {
  newest: [{ sortBy: "created", sortOrder: "desc" }],
  oldest: [{ sortBy: "created", sortOrder: "asc" }],
  due: [
    { sortBy: "dueDate", sortOrder: "asc" },
    { sortBy: "priority", sortOrder: "desc" },
  ],
  priority: [
    { sortBy: "priority", sortOrder: "desc" },
    { sortBy: "created", sortOrder: "asc" },
  ],
  name: [{ sortBy: "nameCaseInsensitive", sortOrder: "asc" }],
};

/** The query of a list in an order, with what a search adds. */
export function ordered(query: TaskQuery, sort: Sort): TaskQuery {
  return both(query, { sorting: SORTINGS[sort] });
}

/** A variable that a filter shows beside each task. */
export interface ShownVariable {
  name: string;
  label: string;
}

/** The variables that a filter shows; Camunda's Tasklist keeps them in the same property. */
export function shownVariables(filter: Filter | undefined): ShownVariable[] {
  const kept: unknown = filter?.properties?.variables;
  if (!Array.isArray(kept)) return [];
  return kept.flatMap((each: unknown) => {
    const { name, label } = (each ?? {}) as Record<string, unknown>;
    return typeof name === "string" && name
      ? [{ name, label: typeof label === "string" && label ? label : name }]
      : [];
  });
}
