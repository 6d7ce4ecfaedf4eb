/** What is left to say of a task that is open no longer, or that the caller may not see. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ask } from "../api/client";
import { untilAnswered } from "../api/pulse";
import { draftsOf, forgetDrafts } from "../drafts";
import { go } from "../route";
import { useMe } from "../session/me";
import { t } from "../texts/texts";
import { explain } from "../texts/troubles";
import { History } from "./History";

/** What one had typed for the task, when somebody else was faster. */
function Unsent({ id }: { id: string }) {
  const me = useMe().id;
  const [texts, setTexts] = useState(() => draftsOf(me, id));
  if (!texts.length) return null;
  const discard = () => {
    forgetDrafts(me, id);
    setTexts([]);
  };
  return (
    <section className="part unsent" aria-label={t("ended.unsent")}>
      <h3>{t("ended.unsent")}</h3>
      <p className="hint">{t("ended.unsent.text")}</p>
      {texts.map((text, index) => (
        <textarea key={index} readOnly dir="auto" aria-label={t("ended.unsent")} value={text} />
      ))}
      <button type="button" onClick={discard}>
        {t("discard")}
      </button>
    </section>
  );
}

export function Ended({ id }: { id: string }) {
  const { data, error } = useQuery({
    queryKey: ["ended", id],
    queryFn: async () => {
      const { data } = await ask("get", "/history/task", { query: { taskId: id } });
      return (data as { name: string | null; endTime: string | null }[])[0] ?? null;
    },
    retry: false,
    refetchInterval: untilAnswered,
  });
  if (error) return <p role="alert">{explain(error)}</p>;
  if (data === undefined) return <p className="hint">{t("loading")}</p>;
  return (
    <article className="task">
      <h2 dir="auto">{data ? data.name || t("unnamed") : t("ended.unknown")}</h2>
      <p>{t(data ? "ended.known" : "ended.gone")}</p>
      <Unsent id={id} />
      {data && <History id={id} version="ended" open />}
      <button type="button" onClick={() => go({ task: null })}>
        {t("backToList")}
      </button>
    </article>
  );
}
