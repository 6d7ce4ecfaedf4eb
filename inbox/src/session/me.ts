/** The person who is signed in, for every part of the page. */
import { createContext, useContext } from "react";
import type { Person } from "./session";

export const Me = createContext<Person | null>(null);

/** The person; only what is shown to somebody who is signed in may ask. */
export function useMe(): Person {
  const me = useContext(Me);
  if (!me) throw new Error("nobody is signed in");
  return me;
}
