/** Who did what with a task, and when. */
import { useState } from "react";
import { usePersonName } from "../parts/people";
import { When } from "../parts/When";
import { t } from "../texts/texts";
import { explain } from "../texts/troubles";
import { useHistory } from "./queries";
import { deeds, sentence, type Deed } from "./story";

interface Props {
  id: string;
  version: string | null;
  open?: boolean;
}

export function History({ id, version, open = false }: Props) {
  const [shown, setShown] = useState(open);
  return (
    <details className="part" open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>
        <h3>{t("history")}</h3>
      </summary>
      {shown && <Deeds id={id} version={version} />}
    </details>
  );
}

function Deeds({ id, version }: { id: string; version: string | null }) {
  const { data, error } = useHistory(id, version);
  if (error) return <p role="alert">{explain(error)}</p>;
  if (!data) return <p className="hint">{t("loading")}</p>;
  return (
    <ol className="deeds">
      {deeds(data).map((deed) => (
        <Line key={deed.id} deed={deed} />
      ))}
    </ol>
  );
}

function Line({ deed }: { deed: Deed }) {
  const name = usePersonName(deed.person);
  return (
    <li>
      <p dir="auto">
        {sentence(deed, name)} <When date={deed.at} />
      </p>
      <ul>
        {deed.changes.map(({ property, before, after }, index) => (
          <li key={index} dir="auto">
            <span className="property">{property}</span> <bdi>{before ?? "—"}</bdi>{" "}
            <span role="img" aria-label={t("became")}>
              →
            </span>{" "}
            <bdi>{after ?? "—"}</bdi>
          </li>
        ))}
      </ul>
    </li>
  );
}
