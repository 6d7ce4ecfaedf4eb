/** People by name, and a field to find one. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ask } from "../api/client";
import { untilAnswered } from "../api/pulse";
import type { User } from "../api/types";
import { useMe } from "../session/me";
import { Suggest } from "./Suggest";

export type Named = Pick<User, "id" | "firstName" | "lastName">;

/** What somebody is called; the id where there is no name. */
export function fullName(user: Named): string {
  return [user.firstName, user.lastName].filter(Boolean).join(" ") || user.id;
}

/** What the person with an id is called: the id until it is known. */
export function usePersonName(id: string | null): string {
  const { data } = useQuery({
    queryKey: ["person", id],
    queryFn: async () =>
      fullName((await ask("get", "/user/{id}/profile", { path: { id: id! } })).data as User),
    enabled: id !== null,
    staleTime: Infinity,
    retry: false,
    refetchInterval: untilAnswered,
  });
  return data ?? id ?? "";
}

export function PersonName({ id }: { id: string }) {
  return (
    <span title={id} dir="auto">
      {usePersonName(id)}
    </span>
  );
}

/** People whose name has the text in it; without a text, the caller's colleagues. */
async function found(text: string, me: string, signal: AbortSignal): Promise<Named[]> {
  if (!text) {
    const { data } = await ask("get", "/identity/groups", { query: { userId: me }, signal });
    return data.groupUsers;
  }
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  const asked = [...new Set([text, capital])].flatMap((each) => [
    { firstNameLike: `%${each}%` },
    { lastNameLike: `%${each}%` },
  ]);
  const answers = await Promise.all(
    [{ id: text }, ...asked].map((query) =>
      ask("get", "/user", { query: { ...query, maxResults: 10 }, signal }),
    ),
  );
  const users = answers.flatMap(({ data }) => data as User[]);
  return [...new Map(users.map((user) => [user.id, user])).values()].slice(0, 10);
}

const WAIT = 150;

/** People to suggest for a text that is being typed. */
export function usePeople(text: string): Named[] {
  const me = useMe();
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), WAIT);
    return () => clearTimeout(timer);
  }, [text]);
  const { data } = useQuery({
    queryKey: ["people", asked],
    queryFn: ({ signal }) => found(asked, me.id, signal),
    staleTime: 60_000,
  });
  return data ?? [];
}

interface Props {
  label: string;
  onPick: (id: string) => void;
  /** Whether one may pick oneself. */
  self?: boolean;
  inline?: boolean;
}

/** A field to find a person by a part of their name. */
export function PeoplePicker({ label, onPick, self = true, ...place }: Props) {
  const me = useMe();
  const [text, setText] = useState("");
  const mine = usePersonName(me.id);
  const matches = (name: string) => name.toLowerCase().includes(text.trim().toLowerCase());
  // Those that were found for an earlier text are no suggestions for this one.
  const others = usePeople(text).filter(
    (user) => user.id !== me.id && (matches(fullName(user)) || matches(user.id)),
  );
  const own = self && (matches(mine) || matches(me.id)) ? [{ id: me.id, name: mine }] : [];
  const people = [...own, ...others.map((user) => ({ id: user.id, name: fullName(user) }))];
  return (
    <Suggest
      {...place}
      label={label}
      placeholder={label}
      value={text}
      onChange={setText}
      eager
      suggestions={people.map(({ id, name }) => ({
        key: id,
        shown: (
          <>
            <span dir="auto">{name}</span> <small dir="auto">{id}</small>
          </>
        ),
      }))}
      onPick={({ key }) => {
        setText("");
        onPick(key);
      }}
    />
  );
}
