/** In the place of a list whose saved filter is not known yet, or is there no longer. */
import { useFilters } from "../filters/queries";
import { go } from "../route";
import { t } from "../texts/texts";
import { explain } from "../texts/troubles";

export function NoFilter() {
  const { data, error } = useFilters();
  return (
    <main className="list" id="list">
      <header className="list-head">
        <h1>{t("filters")}</h1>
      </header>
      {data ? (
        <div className="notice" role="alert">
          <p>{t("filter.gone")}</p>
          <button type="button" onClick={() => go({ list: "mine", words: "", sort: null })}>
            {t("list.mine")}
          </button>
        </div>
      ) : (
        <p className="hint" role={error ? "alert" : undefined}>
          {error ? explain(error) : t("loading")}
        </p>
      )}
    </main>
  );
}
