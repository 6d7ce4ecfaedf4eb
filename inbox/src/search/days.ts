/** Days as they are typed in a search: today, tomorrow, a date. */
import { startOfDay } from "../texts/dates";

/** From the first instant to the one after the last, of a day or of several. */
export interface Span {
  from: Date;
  to: Date;
}

const NAMED: Readonly<Record<string, readonly [number, number]>> = {
  yesterday: [-1, 0],
  today: [0, 1],
  tomorrow: [1, 2],
  week: [0, 7],
};

/** The words that `span` knows beside dates. */
export const DAYS = Object.keys(NAMED);

/** The days that a text names, in the reader's zone; null where it names none. */
export function span(text: string, now: number): Span | null {
  const days = NAMED[text.toLowerCase()];
  if (days) return { from: startOfDay(now, days[0]), to: startOfDay(now, days[1]) };
  const parts = /^(\d{4})-(\d\d?)-(\d\d?)$/.exec(text);
  if (!parts) return null;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const from = new Date(year, month - 1, day);
  if (from.getMonth() !== month - 1 || from.getDate() !== day) return null;
  return { from, to: new Date(year, month - 1, day + 1) };
}
