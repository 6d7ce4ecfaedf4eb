/** The numbers of the lists, counted from the tasks that concern a person. */
import type { Task } from "../api/types";
import { instant, startOfDay } from "../texts/dates";

/** By the keys of the lists that show a number. */
export type Counts = Readonly<Record<string, number>>;

type Test = (task: Task, me: string, now: number) => boolean;

const awake: Test = ({ followUp }, _, now) => followUp === null || instant(followUp) < now;

/** What the lists ask the service for (`definitions.ts`), of tasks that concern the person. */
const TESTS: Readonly<Record<string, Test>> = {
  mine: (task, me, now) => task.assignee === me && awake(task, me, now),
  groups: (task, me, now) => task.assignee === null && awake(task, me, now),
  today: ({ due }, _, now) =>
    due !== null &&
    instant(due) >= startOfDay(now).getTime() &&
    instant(due) < startOfDay(now, 1).getTime(),
  overdue: ({ due }, _, now) => due !== null && instant(due) < now,
  waiting: ({ followUp }, _, now) => followUp !== null && instant(followUp) > now,
};

/** The numbers; `tasks` are all that the person has or that are offered to them. */
export function counts(tasks: readonly Task[], me: string, now: number): Counts {
  return Object.fromEntries(
    Object.entries(TESTS).map(([key, test]) => [
      key,
      tasks.filter((task) => test(task, me, now)).length,
    ]),
  );
}
