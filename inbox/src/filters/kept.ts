/** A query as a filter keeps it: for everybody who runs it, and on any day. */
import type { OrQuery, TaskQuery } from "../api/types";
import { startOfDay } from "../texts/dates";

const PEOPLE = ["assignee", "candidateUser", "owner", "involvedUser"];
const NOT_KEPT = ["withTaskVariablesInReturn"];
const JUST_NOW = 120_000;
const DAYS = [-1, 0, 1, 2, 7];

/**
 * "Me" becomes the caller, the instants around now the time of asking, and midnights of these
 * days those of the days around the time of asking, in the zone of the person who kept the filter.
 */
export function kept(query: TaskQuery, me: string, now: number = Date.now()): TaskQuery {
  const { orQueries, ...plain } = query;
  const changed = level(plain, me, now) as TaskQuery;
  if (orQueries) changed.orQueries = orQueries.map((each) => level(each, me, now) as OrQuery);
  return changed;
}

function level(properties: object, me: string, now: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]): [string, unknown][] => {
      if (NOT_KEPT.includes(name)) return [];
      if (PEOPLE.includes(name) && value === me) return [[`${name}Expression`, "${currentUser()}"]];
      const moving = typeof value === "string" ? expression(value, now) : null;
      return moving ? [[`${name}Expression`, moving]] : [[name, value]];
    }),
  );
}

function expression(value: string, now: number): string | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return null;
  const at = Date.parse(value);
  for (const day of DAYS) {
    const before = startOfDay(now, day).getTime() - at;
    if (before === 0 || before === 1) return midnight(day, before, now);
  }
  return Math.abs(at - now) < JUST_NOW ? "${now()}" : null;
}

/** The service reckons days in UTC, so the zone's offset is added and taken away again. */
function midnight(day: number, before: number, now: number): string {
  const minutes = -new Date(now).getTimezoneOffset();
  const there = minutes < 0 ? `.minusMinutes(${-minutes})` : `.plusMinutes(${minutes})`;
  const back = minutes < 0 ? `.plusMinutes(${-minutes})` : `.minusMinutes(${minutes})`;
  const days = day < 0 ? `.minusDays(${-day})` : `.plusDays(${day})`;
  const millis = before ? `.minusMillis(${before})` : "";
  return "${dateTime()" + there + ".withTimeAtStartOfDay()" + days + back + millis + "}";
}
