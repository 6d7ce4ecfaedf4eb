/** Whether the page is as narrow as a phone. */
import { useSyncExternalStore } from "react";

const narrow = matchMedia("(max-width: 699px)");

export const isNarrow = (): boolean => narrow.matches;

export function useNarrow(): boolean {
  return useSyncExternalStore((listener) => {
    narrow.addEventListener("change", listener);
    return () => narrow.removeEventListener("change", listener);
  }, isNarrow);
}
