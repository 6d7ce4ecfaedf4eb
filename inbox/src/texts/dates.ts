/** Instants and spans in the reader's words. */
import { exactDates, shortDates, spans } from "./formats";
import { language } from "./texts";

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["minute", 60_000],
  ["hour", 3_600_000],
  ["day", 86_400_000],
  ["week", 7 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["year", 365 * 86_400_000],
];

/** The instant of a date as the API writes it, `2013-01-23T12:42:42.000+0000`. */
export function instant(date: string): number {
  return Date.parse(date.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
}

/** "in 3 days", "2 hours ago". */
export function relative(date: string, now: number = Date.now()): string {
  const span = instant(date) - now;
  const size = Math.abs(span);
  let [unit, length] = STEPS[0]!;
  for (const [name, step] of STEPS) if (size >= step) [unit, length] = [name, step];
  return spans(language).format(Math.trunc(span / length), unit);
}

/** The exact date and time, for those who hover or read a fact. */
export function exact(date: string): string {
  return exactDates(language).format(instant(date));
}

/** A date and time without much ado. */
export function short(date: string): string {
  return shortDates(language).format(instant(date));
}

/** Midnight at the start of a day that is `days` from the day of `now`, in the reader's zone. */
export function startOfDay(now: number, days = 0): Date {
  const day = new Date(now);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() + days);
  return day;
}

/** What a field for date and time takes: local time without a zone. */
export function fieldValue(date: string): string {
  const local = new Date(instant(date));
  local.setMinutes(local.getMinutes() - local.getTimezoneOffset());
  return local.toISOString().slice(0, 16);
}

/** What the API takes, from a field's value. */
export function fromField(value: string): string {
  return new Date(value).toISOString();
}

/** A size in bytes for people. */
export function size(bytes: number): string {
  const [value, unit] = bytes >= 1e6 ? [bytes / 1e6, "megabyte"] : [bytes / 1e3, "kilobyte"];
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
