/** Somebody else was faster: who did what, and the way on. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ApiError } from "../api/errors";
import { usePersonName } from "../parts/people";
import { When } from "../parts/When";
import { t } from "../texts/texts";
import { noteConflict } from "../actions/state";
import { reread } from "../actions/use_work";
import { log } from "./queries";
import { deeds, sentence, type Deed } from "./story";

export function Conflict({ id, error }: { id: string; error: ApiError }) {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ["conflict", id, error],
    queryFn: () => log(id),
    // The log follows the change by a moment.
    refetchInterval: (query) => (query.state.dataUpdateCount < 3 ? 1000 : false),
    retry: false,
  });
  const last = data && deeds(data)[0];
  const reload = async () => {
    await reread(client, id);
    noteConflict(id, null);
  };
  return (
    <div className="notice" role="alert">
      <p>
        <strong>{t("conflict.title")}</strong>{" "}
        {last ? <Told deed={last} /> : t(`trouble.${error.trouble}`, { message: error.message })}
      </p>
      <p>{t("conflict.kept")}</p>
      <button type="button" className="primary" onClick={() => void reload()}>
        {t("reload")}
      </button>
    </div>
  );
}

function Told({ deed }: { deed: Deed }) {
  const name = usePersonName(deed.person);
  return (
    <span dir="auto">
      {sentence(deed, name)} (<When date={deed.at} />)
    </span>
  );
}
