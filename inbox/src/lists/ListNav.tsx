/** The lists and the saved filters, with the number of their tasks. */
import { memo } from "react";
import { useWatchedFilters } from "../filters/queries";
import { Icon, type IconName } from "../parts/Icon";
import { go, useRoute } from "../route";
import { useMe } from "../session/me";
import { t } from "../texts/texts";
import { dialog } from "../actions/state";
import { LISTS } from "./definitions";
import { useCounts } from "./use_counts";

const ICONS: Readonly<Record<string, IconName>> = {
  mine: "inbox",
  groups: "people",
  unassigned: "circle",
  today: "calendar",
  overdue: "alarm",
  waiting: "pause",
  all: "list",
};

/** So many have no separators, which need a format of the language. */
const MOST_SHOWN = 999;

/** Drawn again only when something of it changes, and not whenever the list beside it does. */
export const ListNav = memo(function ListNav({ onChosen }: { onChosen: () => void }) {
  const { list } = useRoute();
  const counts = useCounts();
  const { mayWrite } = useMe();
  const { data: filters = [] } = useWatchedFilters();
  const choose = (key: string) => () => {
    go({ list: key, task: null, words: "", sort: null });
    onChosen();
  };
  return (
    <nav className="lists" aria-label={t("lists")}>
      <ul>
        {LISTS.map(({ key, text }) => (
          <li key={key}>
            <button
              type="button"
              data-list={key}
              aria-current={list === key ? "page" : undefined}
              onClick={choose(key)}
            >
              <Icon name={ICONS[key]!} />
              <span className="name">{t(text)}</span>
              <Count of={counts[key]} />
            </button>
          </li>
        ))}
      </ul>
      <h2>{t("filters")}</h2>
      <ul>
        {filters.map(({ id, name, itemCount }) => (
          <li key={id}>
            <button
              type="button"
              data-list={`filter:${id}`}
              aria-current={list === `filter:${id}` ? "page" : undefined}
              onClick={choose(`filter:${id}`)}
            >
              <Icon name="filter" />
              <span className="name" dir="auto">
                {name}
              </span>
              <Count of={itemCount} />
            </button>
          </li>
        ))}
        {mayWrite && (
          <li>
            <button type="button" onClick={() => dialog.set({ kind: "filter" })}>
              <Icon name="plus" />
              <span className="name">{t("filter.new")}</span>
            </button>
          </li>
        )}
      </ul>
    </nav>
  );
});

function Count({ of }: { of: number | undefined }) {
  if (!of) return null;
  return <span className="count">{of > MOST_SHOWN ? `${MOST_SHOWN}+` : of}</span>;
}
