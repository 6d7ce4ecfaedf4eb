/** The field for words and tokens; it completes what is typed. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ask } from "../api/client";
import { usePeople } from "../parts/people";
import { Suggest, type Suggestion } from "../parts/Suggest";
import { go } from "../route";
import { useMe } from "../session/me";
import { t } from "../texts/texts";
import { completions, type Completion } from "./completion";
import { FIELDS } from "./fields";
import { tokens } from "./tokens";

interface Choice extends Suggestion {
  completion: Completion;
}

export function SearchBar({ words }: { words: string }) {
  const [text, setText] = useState(words);
  const [caret, setCaret] = useState(words.length);
  const [put, setPut] = useState<number | null>(null);
  // A search leaves the blank at its end away; typing goes on behind it.
  useEffect(() => setText((now) => (now.trim() === words ? now : words)), [words]);

  const known = useKnown(text, caret);
  const suggestions = completions(text, caret, known).map((completion): Choice => ({
    key: completion.shown,
    shown: (
      <>
        <b dir="auto">{completion.shown}</b>
        {completion.field && <small>{t(FIELDS[completion.field]!.help)}</small>}
      </>
    ),
    completion,
  }));
  const search = (asked: string) => go({ words: asked.trim(), task: null });
  return (
    <form
      role="search"
      className="search"
      onSubmit={(event) => {
        event.preventDefault();
        search(text);
      }}
    >
      <Suggest
        name="search"
        label={t("search")}
        placeholder={t("search.hint")}
        value={text}
        caret={put}
        suggestions={suggestions}
        onChange={(value, at) => {
          setText(value);
          setCaret(at);
          setPut(null);
          if (value === "") search("");
        }}
        onPick={({ completion }) => {
          setText(completion.text);
          setCaret(completion.caret);
          setPut(completion.caret);
          if (completion.field === null) search(completion.text);
        }}
        onEnter={() => search(text)}
      />
    </form>
  );
}

/** What may be completed; asked for only where a token wants it. */
function useKnown(text: string, caret: number) {
  const me = useMe();
  const token = tokens(text).find((each) => each.start < caret && caret <= each.end);
  const wanted = token?.name ? FIELDS[token.name.toLowerCase()]?.values : undefined;
  const people = usePeople(wanted === "people" ? (token?.value ?? "") : "").map((user) => user.id);
  const { data: groups = me.groups } = useQuery({
    queryKey: ["groups"],
    queryFn: async () => idsOf((await ask("get", "/group", { query: { maxResults: 200 } })).data),
    enabled: wanted === "groups",
    staleTime: 60_000,
  });
  const { data: tenants = [] } = useQuery({
    queryKey: ["tenants"],
    queryFn: async () => idsOf((await ask("get", "/tenant")).data),
    enabled: wanted === "tenants",
    staleTime: 60_000,
  });
  const { data: services = [] } = useQuery({
    queryKey: ["services"],
    queryFn: async () => {
      const { data } = await ask("get", "/v1/services");
      return (data as { embedded: { services: { sid: string }[] } }).embedded.services.map(
        ({ sid }) => sid,
      );
    },
    enabled: wanted === "services",
    staleTime: 60_000,
  });
  return { people, groups: [...groups], tenants, services };
}

function idsOf(data: unknown): string[] {
  return (data as { id: string }[]).map(({ id }) => id);
}
