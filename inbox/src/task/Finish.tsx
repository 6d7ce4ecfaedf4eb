/** The buttons below a form: they send what it holds. */
import type { Task } from "../api/types";
import { useMe } from "../session/me";
import { t } from "../texts/texts";
import { busy } from "../actions/state";
import { useWork } from "../actions/use_work";
import type { Given } from "../actions/requests";

interface Props {
  task: Task;
  /** What to send; null while something is mistaken. */
  given: () => Given | null;
  /** Whether there is something that can be saved without completing. */
  canSave: boolean;
  /** What was typed has been sent. */
  forget: () => void;
  /** What was typed is thrown away. */
  discard: () => void;
}

export function Finish({ task, given, canSave, forget, discard }: Props) {
  const work = useWork();
  const waits = busy.use().has(task.id);
  const { mayWrite } = useMe();
  const delegated = task.delegationState === "PENDING";
  const send = async (how: "complete" | "resolve" | "save") => {
    const variables = given();
    if (variables && (await work[how](task.id, variables))) forget();
  };
  if (!mayWrite) return null;
  return (
    <div className="finish">
      <button
        type="button"
        className="primary"
        data-action="complete"
        disabled={waits || task.suspended}
        onClick={() => void send(delegated ? "resolve" : "complete")}
      >
        {t(delegated ? "resolve" : "complete")}
      </button>
      {canSave && (
        <button type="button" disabled={waits} onClick={() => void send("save")}>
          {t("save")}
        </button>
      )}
      {canSave && (
        <button type="button" className="quiet" onClick={discard}>
          {t("discard")}
        </button>
      )}
    </div>
  );
}
