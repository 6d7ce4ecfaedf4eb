/** Whether the service can be reached, and whether it takes long. */
import { useSyncExternalStore } from "react";

export type Connection = "good" | "slow" | "offline";

const SLOW = 5_000;

let state: Connection = navigator.onLine ? "good" : "offline";
let waiting = 0;
const listeners = new Set<() => void>();

function become(next: Connection): void {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

export const connection = {
  /** A request is on its way; call the result when it has ended. */
  started(): () => void {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      waiting += 1;
      if (state === "good") become("slow");
    }, SLOW);
    return () => {
      clearTimeout(timer);
      if (late) waiting = Math.max(0, waiting - 1);
      if (waiting === 0 && state === "slow") become("good");
    };
  },
  reached(): void {
    if (state === "offline") become("good");
  },
  lost(): void {
    become("offline");
  },
};

addEventListener("offline", () => become("offline"));
addEventListener("online", () => become("good"));

/** The connection as it is now. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}
