/** Somebody else was faster: who did what, and the way on. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { usePersonName } from "../parts/people";
import { When } from "../parts/When";
import { instant } from "../texts/dates";
import { t } from "../texts/texts";
import { noteConflict, type Refusal } from "../actions/state";
import { reread } from "../actions/use_work";
import { log } from "./queries";
import { deeds, sentence, type Deed } from "./story";

const MOST_LOOKS = 30;

export function Conflict({ id, refusal }: { id: string; refusal: Refusal }) {
  const { error, since } = refusal;
  const client = useQueryClient();
  const { data: last } = useQuery({
    queryKey: ["conflict", id, since],
    // What was done since; what came before was known.
    queryFn: async () =>
      deeds(await log(id)).find(({ at }) => !since || instant(at) > instant(since)) ?? null,
    // The log follows the change by a moment.
    refetchInterval: ({ state }) =>
      !state.data && state.dataUpdateCount < MOST_LOOKS ? 1000 : false,
    retry: false,
  });
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
