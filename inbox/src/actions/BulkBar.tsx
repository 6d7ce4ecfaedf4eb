/** What can be done with the selected tasks. */
import type { Task } from "../api/types";
import { useMe } from "../session/me";
import { counted, t } from "../texts/texts";
import { bulkRun, run } from "./bulk";
import { BulkWindow } from "./BulkWindow";
import { dialog, selection, type Question } from "./state";

export function BulkBar({ tasks }: { tasks: readonly Task[] }) {
  const ids = [...selection.use()];
  const { mayWrite } = useMe();
  const running = run.use();
  const ask = (question: Question) => () => dialog.set({ kind: "ask", question, ids });
  return (
    <>
      {running && <BulkWindow running={running} tasks={tasks} />}
      {ids.length > 0 && (
        <div className="bulk" role="group" aria-label={t("bulk")}>
          <strong role="status">{counted("selected", ids.length)}</strong>
          {mayWrite && (
            <>
              <button type="button" onClick={() => bulkRun("claim", ids)}>
                {t("claim")}
              </button>
              <button type="button" onClick={ask("assign")}>
                {t("assign")}
              </button>
              <button type="button" onClick={ask("priority")}>
                {t("priority")}
              </button>
              <button type="button" onClick={ask("due")}>
                {t("due")}
              </button>
              <button type="button" onClick={ask("complete")}>
                {t("complete")}
              </button>
            </>
          )}
          <button type="button" className="quiet" onClick={() => selection.set(new Set())}>
            {t("clear")}
          </button>
        </div>
      )}
    </>
  );
}
