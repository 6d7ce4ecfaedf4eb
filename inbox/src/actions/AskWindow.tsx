/** What a piece of work needs to know: a person, a date, a number, a reason. */
import { useState, type FormEvent, type ReactNode } from "react";
import type { Got } from "../api/client";
import type { Task } from "../api/types";
import { useQueryClient } from "@tanstack/react-query";
import { useDraft } from "../drafts";
import { Dialog } from "../parts/Dialog";
import { PeoplePicker } from "../parts/people";
import { fieldValue, fromField, startOfDay } from "../texts/dates";
import { counted, t } from "../texts/texts";
import { bulkRun } from "./bulk";
import { conflicts, type Question } from "./state";
import { useWork } from "./use_work";

interface Props {
  question: Question;
  ids: readonly string[];
  onClose: () => void;
}

export function AskWindow({ question, ids, onClose }: Props) {
  const work = useWork();
  const single = ids.length === 1 ? ids[0]! : null;
  const title = single
    ? t(`ask.${question}`)
    : counted("ask.many", ids.length, { what: t(`ask.${question}`) });
  const answer = (value: string | null) => {
    if (single && question === "due") return void closedBy(work.due(single, value));
    if (single && question === "followUp") return void closedBy(work.followUp(single, value));
    if (single && question === "priority")
      return void closedBy(work.priority(single, Number(value)));
    onClose();
    if (question === "fail") return;
    if (!single) return bulkRun(question, ids, value);
    if (question === "assign" && value) void work.assign(single, value);
    if (question === "delegate" && value) void work.delegate(single, value);
    if (question === "complete") void work.complete(single);
  };
  /** What was typed stays until it has been sent, or until the task has to be looked at first. */
  const closedBy = async (sent: Promise<boolean>) => {
    if ((await sent) || (single && conflicts.get().has(single))) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose} kind={question === "assign" ? "tall" : ""}>
      {(question === "assign" || question === "delegate") && (
        <PeoplePicker label={t("person")} inline self={question === "assign"} onPick={answer} />
      )}
      {(question === "due" || question === "followUp") && (
        <DateForm id={single} field={question} onDone={answer} />
      )}
      {question === "priority" && <PriorityForm id={single} onDone={answer} />}
      {question === "fail" && single && <FailForm id={single} onSent={closedBy} />}
      {question === "complete" && (
        <Fields onSubmit={() => answer(null)} send={t("complete")}>
          <p>{t("ask.complete.sure")}</p>
        </Fields>
      )}
    </Dialog>
  );
}

function Fields(props: {
  onSubmit: () => void;
  send: string;
  children: ReactNode;
  extra?: ReactNode;
}) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onSubmit();
  };
  return (
    <form onSubmit={submit} className="fields">
      {props.children}
      <div className="buttons">
        {props.extra}
        <button type="submit" className="primary">
          {props.send}
        </button>
      </div>
    </form>
  );
}

function useSeen(id: string | null): Task | undefined {
  const client = useQueryClient();
  return id ? client.getQueryData<Got<Task>>(["task", id])?.data : undefined;
}

const EVENING = 17;

/** Times that are often meant. */
function usual(now: number): [string, Date][] {
  const at = (days: number, hour: number) => {
    const day = startOfDay(now, days);
    day.setHours(hour);
    return day;
  };
  return [
    [t("date.today"), at(0, EVENING)],
    [t("date.tomorrow"), at(1, 9)],
    [t("date.week"), at(7, 9)],
  ];
}

interface DateProps {
  id: string | null;
  field: "due" | "followUp";
  onDone: (value: string | null) => void;
}

function DateForm({ id, field, onDone }: DateProps) {
  const seen = useSeen(id)?.[field];
  const [value, setValue] = useState(seen ? fieldValue(seen) : "");
  return (
    <Fields
      send={t("set")}
      onSubmit={() => value && onDone(fromField(value))}
      extra={
        <button type="button" onClick={() => onDone(null)}>
          {t("date.none")}
        </button>
      }
    >
      <div className="buttons usual">
        {usual(Date.now()).map(([name, date]) => (
          <button key={name} type="button" onClick={() => onDone(date.toISOString())}>
            {name}
          </button>
        ))}
      </div>
      <label>
        {t(field)}
        <input
          type="datetime-local"
          name="date"
          required
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
      </label>
    </Fields>
  );
}

function PriorityForm({ id, onDone }: { id: string | null; onDone: (value: string) => void }) {
  const seen = useSeen(id)?.priority;
  const [value, setValue] = useState(String(seen ?? 50));
  return (
    <Fields send={t("set")} onSubmit={() => onDone(value)}>
      <label>
        {t("priority")}
        <input
          type="number"
          name="priority"
          step="1"
          min="-2147483648"
          max="2147483647"
          required
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
      </label>
    </Fields>
  );
}

interface FailProps {
  id: string;
  onSent: (sent: Promise<boolean>) => Promise<void>;
}

function FailForm({ id, onSent }: FailProps) {
  const work = useWork();
  const service = useSeen(id)?.service;
  const [reason, setReason] = useDraft(`${id}.reason`, "");
  return (
    <Fields
      send={t("fail")}
      onSubmit={() => {
        if (service) void onSent(work.act(id, service, "fail", reason.trim() || undefined));
      }}
    >
      <label>
        {t("reason")}
        <textarea
          name="reason"
          rows={3}
          dir="auto"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
    </Fields>
  );
}
