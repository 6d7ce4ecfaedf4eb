/** One task: what it is, and everything that can be done with it. */
import { memo, useEffect, useRef } from "react";
import type { Got } from "../api/client";
import type { Task } from "../api/types";
import { Icon } from "../parts/Icon";
import { go } from "../route";
import { isolated, t } from "../texts/texts";
import { explain } from "../texts/troubles";
import { conflicts } from "../actions/state";
import { Actions } from "./Actions";
import { Attachments } from "./Attachments";
import { Comments } from "./Comments";
import { Conflict } from "./Conflict";
import { Ended } from "./Ended";
import { Facts } from "./Facts";
import { History } from "./History";
import { isGone, useTask } from "./queries";
import { TaskForm } from "./TaskForm";

interface Props {
  id: string;
  /** Whether nothing else is beside it. */
  alone: boolean;
}

/** Drawn again only when something of it changes, and not whenever the list beside it does. */
export const TaskPane = memo(function TaskPane({ id, alone }: Props) {
  const { data, error, isPending, refetch } = useTask(id);
  const conflict = conflicts.use().get(id);
  const Place = alone ? "main" : "section";
  return (
    <Place className="pane" id="task" tabIndex={-1} aria-label={t("task")} data-task={id}>
      {alone && <h1 className="unseen">{t("task")}</h1>}
      <div className="pane-bar">
        <button type="button" className="quiet" onClick={() => go({ task: null })}>
          <Icon name="back" />
          <span>{t("back")}</span>
        </button>
      </div>
      {conflict && <Conflict id={id} refusal={conflict} />}
      {error && isGone(error) ? (
        <Ended id={id} />
      ) : data ? (
        <Shown key={id} id={id} got={data} />
      ) : isPending ? (
        <p className="hint">{t("loading")}</p>
      ) : (
        <div className="notice bad" role="alert">
          <p>{explain(error)}</p>
          <button type="button" onClick={() => void refetch()}>
            {t("again")}
          </button>
        </div>
      )}
    </Place>
  );
});

function Shown({ id, got }: { id: string; got: Got<Task> }) {
  const task = got.data;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${isolated(task.name || t("unnamed"))} · ${t("app.name")}`;
    return () => void (document.title = t("app.name"));
  }, [task.name]);
  return (
    <article className="task">
      <h2 ref={heading} dir="auto">
        {task.name || t("unnamed")}
      </h2>
      {task.description && (
        <p className="description" dir="auto">
          {task.description}
        </p>
      )}
      <Actions task={task} version={got.etag} />
      <Facts task={task} version={got.etag} />
      <TaskForm task={task} version={got.etag} />
      <Comments id={id} version={got.etag} />
      <Attachments id={id} version={got.etag} />
      <History id={id} version={got.etag} />
    </article>
  );
}
