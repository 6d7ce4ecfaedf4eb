/** The task query that a list and a search come to, to look at and to take along. */
import { useState } from "react";
import { prefix } from "../api/client";
import type { ShownList } from "../lists/use_list";
import { Dialog } from "../parts/Dialog";
import { t } from "../texts/texts";
import { curl } from "./curl";

export function QueryWindow({ list, onClose }: { list: ShownList; onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  const query = list.query();
  const command = curl(location.origin + prefix, query);
  const copy = async () => {
    await navigator.clipboard.writeText(command);
    setCopied(true);
  };
  return (
    <Dialog title={t("query.title")} onClose={onClose} kind="tall">
      <p>{t("query.text")}</p>
      <pre tabIndex={0} className="query" aria-label={t("query.title")}>
        {JSON.stringify(query, null, 2)}
      </pre>
      <pre tabIndex={0} className="query" aria-label="curl">
        {command}
      </pre>
      <div className="buttons">
        <span role="status">{copied && t("copied")}</span>
        <button type="button" className="primary" onClick={() => void copy()}>
          {t("query.copy")}
        </button>
      </div>
    </Dialog>
  );
}
