/** The pace at which everything that is shown is looked at again, all of it at the same moment. */
import { useEffect, useRef } from "react";
import { mayPass } from "./errors";

/** Milliseconds between two looks at what is shown. */
export const PACE = 8_000;

/** What costs more read units than this is looked at once a minute. */
const DEAR = 25;
const RARELY = 60_000;

const looks = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

function beat(): void {
  for (const look of looks) look();
  next();
}

function next(): void {
  clearTimeout(timer);
  if (looks.size && document.visibilityState === "visible") timer = setTimeout(beat, PACE);
}

function seen(): void {
  if (document.visibilityState === "visible") beat();
  else clearTimeout(timer);
}

/**
 * Calls `look` every few seconds while the page is visible, when it becomes visible, and when there
 * is a connection again.
 */
export function useWatch(look: () => void): void {
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => {
    const each = () => latest.current();
    looks.add(each);
    if (looks.size === 1) {
      document.addEventListener("visibilitychange", seen);
      addEventListener("online", seen);
      next();
    }
    return () => {
      looks.delete(each);
      if (looks.size > 0) return;
      document.removeEventListener("visibilitychange", seen);
      removeEventListener("online", seen);
    };
  }, []);
}

/** How a query is asked again: at this pace while it was not answered for a reason that passes. */
export function untilAnswered({ state }: { state: { error: Error | null } }): number | false {
  return mayPass(state.error) ? PACE : false;
}

/** Says when something is due again, by what it cost. */
export class Turn {
  private from = 0;

  get isDue(): boolean {
    return Date.now() >= this.from;
  }

  /** It was looked at now and read so many units. */
  took(readUnits: number): void {
    this.from = readUnits > DEAR ? Date.now() + RARELY : 0;
  }
}
