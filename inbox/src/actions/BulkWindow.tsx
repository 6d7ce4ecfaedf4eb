/** The results of work on several tasks, as they come. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Task } from "../api/types";
import { Dialog } from "../parts/Dialog";
import { counted, t } from "../texts/texts";
import { retry, run, work, type Run } from "./bulk";
import { selection } from "./state";

export function BulkWindow({ running, tasks }: { running: Run; tasks: readonly Task[] }) {
  const client = useQueryClient();
  const { kind, results, ended } = running;
  const waits = !ended && results.some(({ state }) => state === "waiting");
  useEffect(() => {
    if (!waits) return;
    void work(client, tasks);
    // Once for each beginning: the results that follow are no reason to begin again.
  }, [ended, kind]);

  const done = results.filter(({ state }) => state === "done").length;
  const failed = results.filter(({ state }) => state === "failed");
  const close = () => {
    selection.set(new Set(failed.map(({ id }) => id)));
    run.set(null);
  };
  return (
    <Dialog title={t(`bulk.${kind}`)} onClose={close}>
      <p role="status">
        {t("bulk.progress", { done, of: results.length })}{" "}
        {ended && failed.length > 0 && counted("bulk.failed", failed.length)}
      </p>
      <progress max={results.length} value={done + failed.length} aria-label={t("bulk")} />
      <ul className="results">
        {failed.map(({ id, name, why }) => (
          <li key={id}>
            <strong dir="auto">{name}</strong> <span>{why}</span>
          </li>
        ))}
      </ul>
      <div className="buttons">
        {ended && failed.length > 0 && (
          <button type="button" onClick={retry}>
            {t("bulk.retry")}
          </button>
        )}
        <button type="button" className="primary" disabled={!ended} onClick={close}>
          {t("close")}
        </button>
      </div>
    </Dialog>
  );
}
