/** The buttons above a task; completing is below its form. */
import type { Task } from "../api/types";
import { Icon } from "../parts/Icon";
import { useMe } from "../session/me";
import { t } from "../texts/texts";
import { busy, dialog, type Question } from "../actions/state";
import { useWork } from "../actions/use_work";

export function Actions({ task }: { task: Task; version: string | null }) {
  const me = useMe();
  const work = useWork();
  const waits = busy.use().has(task.id);
  const { service, state } = task;
  const ask = (question: Question) => () => dialog.set({ kind: "ask", question, ids: [task.id] });
  const act = (action: "start" | "complete") => () => {
    if (service) void work.act(task.id, service, action);
  };
  const mine = task.assignee === me.id;
  if (!me.mayWrite) return <p className="hint">{t("readOnly")}</p>;
  return (
    <div className="actions" role="group" aria-label={t("actions")}>
      {task.assignee === null && (
        <button
          type="button"
          className="primary"
          disabled={waits}
          onClick={() => void work.claim(task.id)}
        >
          {t("claim")} <kbd>c</kbd>
        </button>
      )}
      {task.assignee !== null && (
        <button type="button" disabled={waits} onClick={() => void work.unclaim(task.id)}>
          {t(mine ? "unclaim" : "unassign")} <kbd>u</kbd>
        </button>
      )}
      <button type="button" disabled={waits} onClick={ask("assign")}>
        {t("assign")} <kbd>e</kbd>
      </button>
      {task.delegationState !== "PENDING" && task.assignee !== null && (
        <button type="button" disabled={waits} onClick={ask("delegate")}>
          {t("delegate")}
        </button>
      )}
      <button type="button" disabled={waits} onClick={ask("due")}>
        <Icon name="calendar" /> {t("due")}
      </button>
      <button type="button" disabled={waits} onClick={ask("followUp")}>
        <Icon name="pause" /> {t("followUp")}
      </button>
      <button type="button" disabled={waits} onClick={ask("priority")}>
        <Icon name="flag" /> {t("priority")}
      </button>
      {state === "created" && (
        <button type="button" disabled={waits} onClick={act("start")}>
          {t("start")}
        </button>
      )}
      {state === "started" && (
        <>
          <button type="button" disabled={waits} onClick={act("complete")}>
            {t("finish")}
          </button>
          <button type="button" disabled={waits} onClick={ask("fail")}>
            {t("fail")}
          </button>
        </>
      )}
    </div>
  );
}
