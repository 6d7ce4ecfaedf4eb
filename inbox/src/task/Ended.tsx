/** What is left to say of a task that is open no longer, or that the caller may not see. */
import { useQuery } from "@tanstack/react-query";
import { ask } from "../api/client";
import { go } from "../route";
import { t } from "../texts/texts";
import { History } from "./History";

export function Ended({ id }: { id: string }) {
  const { data, isPending } = useQuery({
    queryKey: ["ended", id],
    queryFn: async () => {
      const { data } = await ask("get", "/history/task", { query: { taskId: id } });
      return (data as { name: string | null; endTime: string | null }[])[0] ?? null;
    },
    retry: false,
  });
  if (isPending) return <p className="hint">{t("loading")}</p>;
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
