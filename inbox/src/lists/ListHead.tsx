/** The name of the list, its order, and what the search made of it. */
import { useQueryClient } from "@tanstack/react-query";
import { removeFilter } from "../filters/queries";
import { Icon } from "../parts/Icon";
import { complain } from "../parts/toasts";
import { go, SORTS, type Sort } from "../route";
import { useMe } from "../session/me";
import { choose, settings } from "../settings";
import { counted, t } from "../texts/texts";
import { explain } from "../texts/troubles";
import { dialog } from "../actions/state";
import type { ShownList } from "./use_list";

export function ListHead({ list }: { list: ShownList }) {
  const { mayWrite } = useMe();
  const client = useQueryClient();
  const { filter, definition, pages, sort, words, mistakes } = list;
  const { density } = settings.use();
  const remove = async () => {
    if (!filter || !confirm(t("filter.remove.sure", { name: filter.name }))) return;
    try {
      await removeFilter(filter.id);
      go({ list: "mine" });
      await client.invalidateQueries({ queryKey: ["count", "filters"] });
    } catch (problem) {
      complain(explain(problem));
    }
  };
  return (
    <header className="list-head">
      <h1 dir="auto">{filter?.name ?? t(definition.text)}</h1>
      <span className="hint" role="status">
        {pages.state === "ready" &&
          (pages.hasMore
            ? t("list.many", { n: pages.tasks.length })
            : counted("list.number", pages.tasks.length))}
      </span>
      <label className="order">
        <Icon name="sort" />
        <span className="unseen">{t("sort")}</span>
        <select value={sort} onChange={(event) => go({ sort: event.target.value as Sort }, true)}>
          {SORTS.map((each) => (
            <option key={each} value={each}>
              {t(`sort.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="quiet"
        aria-pressed={density === "dense"}
        onClick={() => choose({ density: density === "dense" ? "comfortable" : "dense" })}
      >
        {t("density")}
      </button>
      {words && (
        <>
          <button type="button" className="quiet" onClick={() => dialog.set({ kind: "query" })}>
            {t("query.show")}
          </button>
          <button type="button" className="quiet" onClick={() => go({ words: "" })}>
            {t("search.clear")}
          </button>
        </>
      )}
      {filter && mayWrite && (
        <button type="button" className="quiet" onClick={() => void remove()}>
          <Icon name="trash" />
          <span className="unseen">{t("filter.remove")}</span>
        </button>
      )}
      {mistakes.length > 0 && (
        <p className="mistake" role="alert">
          {mistakes.map(({ token, field }) => t("search.mistake", { token, field })).join(" ")}
        </p>
      )}
    </header>
  );
}
