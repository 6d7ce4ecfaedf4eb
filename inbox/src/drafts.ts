/** What somebody has typed and not sent: kept in this browser, by person and task. */
import { useCallback, useState } from "react";
import { useMe } from "./session/me";

const PREFIX = "inbox.draft.";
const KEPT_MILLISECONDS = 30 * 86_400_000;

interface Kept {
  value: unknown;
  at: number;
}

function name(person: string, place: string): string {
  return `${PREFIX}${encodeURIComponent(person)}.${place}`;
}

/** A value that survives reloading and signing in again; the last function forgets it. */
export function useDraft<T>(place: string, initial: T): [T, (value: T) => void, () => void] {
  const key = name(useMe().id, place);
  const [held, hold] = useState<{ key: string; value: T }>(() => ({
    key,
    value: kept(key, initial),
  }));
  const value = held.key === key ? held.value : kept(key, initial);
  const set = useCallback(
    (next: T) => {
      hold({ key, value: next });
      keep(key, next);
    },
    [key],
  );
  const forget = useCallback(() => {
    hold({ key, value: initial });
    localStorage.removeItem(key);
  }, [key]);
  return [value, set, forget];
}

/** Whatever was typed for a task and not sent, as texts that one can copy. */
export function draftsOf(person: string, place: string): string[] {
  const start = `${name(person, place)}.`;
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(start));
  return keys.map((key) => asText(parsed(key)?.value)).filter((text) => text.trim() !== "");
}

function asText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return value ? String(value) : "";
  return Object.entries(value)
    .map(([key, held]) => `${key}: ${asText((held as { text?: unknown } | null)?.text ?? held)}`)
    .join("\n");
}

/** Forgets whatever was typed for a task. */
export function forgetDrafts(person: string, place: string): void {
  const start = name(person, place);
  for (const key of Object.keys(localStorage)) {
    if (key === start || key.startsWith(`${start}.`)) localStorage.removeItem(key);
  }
}

/** Forgets what has been left alone for a month. */
export function forgetOldDrafts(now: number = Date.now()): void {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && now - (parsed(key)?.at ?? 0) > KEPT_MILLISECONDS) {
      localStorage.removeItem(key);
    }
  }
}

function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify({ value, at: Date.now() } satisfies Kept));
  } catch {
    // The browser's store is full: what is typed stays on the page at least.
  }
}

function kept<T>(key: string, initial: T): T {
  const found = parsed(key);
  return found ? (found.value as T) : initial;
}

function parsed(key: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}
