/** What is left to say of a task that is open no longer, or that the caller may not see. */
import { useQuery } from "@tanstack/react-query";
import { ask } from "../api/client";
import { untilAnswered } from "../api/pulse";
import { go } from "../route";
import { t } from "../texts/texts";
import { explain } from "../texts/troubles";
import { History } from "./History";

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
      {data && <History id={id} version="ended" open />}
      <button type="button" onClick={() => go({ task: null })}>
        {t("backToList")}
      </button>
    </article>
  );
}
