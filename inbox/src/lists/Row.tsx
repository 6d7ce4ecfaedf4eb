/** A task as one line of a list. */
import { memo, type MouseEvent } from "react";
import type { Task } from "../api/types";
import { Icon } from "../parts/Icon";
import { usePersonName } from "../parts/people";
import { exact, instant, relative } from "../texts/dates";
import { t } from "../texts/texts";
import type { ShownVariable } from "./definitions";

export interface RowProps {
  task: Task;
  index: number;
  of: number;
  top: number;
  current: boolean;
  selected: boolean;
  variables: readonly ShownVariable[];
  onOpen: (id: string) => void;
  onSelect: (id: string, range: boolean) => void;
}

export const Row = memo(function Row(props: RowProps) {
  const { task, index, of, top, current, selected, variables, onOpen, onSelect } = props;
  const click = (event: MouseEvent) => {
    if (event.shiftKey || event.ctrlKey || event.metaKey) onSelect(task.id, event.shiftKey);
    else onOpen(task.id);
  };
  return (
    <div
      id={`row-${task.id}`}
      role="option"
      className={current ? "row current" : "row"}
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={of}
      style={{ transform: `translateY(${top}px)` }}
      onClick={click}
    >
      <span
        className="tick"
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          onSelect(task.id, event.shiftKey);
        }}
      >
        {selected && <Icon name="check" />}
      </span>
      <span className="title" dir="auto">
        {task.name || t("unnamed")}
      </span>
      <span className="about">
        <Assignee id={task.assignee} />
        {task.description && (
          <span className="description" dir="auto">
            {task.description}
          </span>
        )}
        {variables.map(({ name, label }) => (
          <span key={name} className="variable" dir="auto">
            <bdi>{label}</bdi>: <bdi>{shown(task.variables?.[name]?.value)}</bdi>
          </span>
        ))}
      </span>
      <span className="marks">
        {task.comment && <Icon name="comment" />}
        {task.attachment && <Icon name="clip" />}
        {task.priority > 50 && (
          <span className="priority" title={t("fact.priority")}>
            <Icon name="flag" />
            {task.priority}
          </span>
        )}
        <Due task={task} />
      </span>
    </div>
  );
});

function Assignee({ id }: { id: string | null }) {
  const name = usePersonName(id);
  if (!id) return <span className="free">{t("free")}</span>;
  return (
    <span className="assignee" dir="auto">
      {name}
    </span>
  );
}

function Due({ task }: { task: Task }) {
  const date = task.due ?? task.created;
  const late = task.due !== null && instant(task.due) < Date.now();
  const said = relative(date);
  return (
    <time className={late ? "late" : ""} dateTime={date.replace("+0000", "Z")} title={exact(date)}>
      {task.due ? t("row.due", { when: said }) : said}
    </time>
  );
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "—";
  return typeof value === "string" ? value : JSON.stringify(value);
}
