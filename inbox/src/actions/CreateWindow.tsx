/** A task of no process and no service, as people make it. */
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useDraft } from "../drafts";
import { refreshList } from "../lists/use_pages";
import { Dialog } from "../parts/Dialog";
import { PeoplePicker, PersonName } from "../parts/people";
import { complain, tell } from "../parts/toasts";
import { go, here } from "../route";
import { useMe } from "../session/me";
import { fromField } from "../texts/dates";
import { t } from "../texts/texts";
import { explain } from "../texts/troubles";
import { create, offer } from "./requests";

interface Draft {
  /** Chosen here, so a second try does not make a second task. */
  id: string;
  name: string;
  description: string;
  assignee: string | null;
  group: string;
  due: string;
  priority: string;
}

const EMPTY: Omit<Draft, "id"> = {
  name: "",
  description: "",
  assignee: null,
  group: "",
  due: "",
  priority: "50",
};

/** Milliseconds after which a list usually has a new task. */
const INDEXED = 1_000;

export function CreateWindow({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const client = useQueryClient();
  // At My tasks one makes a task for oneself, unless one says otherwise.
  const [start] = useState(() => ({
    ...EMPTY,
    id: crypto.randomUUID(),
    assignee: here().list === "mine" ? me.id : null,
  }));
  const [draft, setDraft, forget] = useDraft<Draft>("new", start);
  const [sending, setSending] = useState(false);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });

  // What is offered to a group is nobody's yet, unless somebody was chosen.
  const offerTo = (group: string) =>
    set({ group, assignee: draft.assignee === start.assignee ? null : draft.assignee });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { id = start.id } = draft;
    setSending(true);
    try {
      await create(
        {
          id,
          name: draft.name.trim(),
          description: draft.description.trim() || null,
          assignee: draft.assignee,
          due: draft.due ? fromField(draft.due) : null,
          followUp: null,
          priority: Number(draft.priority),
        },
        id,
      );
      if (draft.group) await offer(id, draft.group);
      forget();
      onClose();
      tell(t("done.created"));
      go({ task: id });
      void client.invalidateQueries({ queryKey: ["count"] });
      setTimeout(() => void refreshList(), INDEXED);
    } catch (problem) {
      complain(explain(problem));
    } finally {
      setSending(false);
    }
  };
  return (
    <Dialog title={t("create")} onClose={onClose} kind="tall">
      <form className="fields" onSubmit={(event) => void submit(event)}>
        <label>
          {t("field.name")}
          <input
            name="name"
            required
            dir="auto"
            maxLength={255}
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        </label>
        <label>
          {t("field.description")}
          <textarea
            name="description"
            rows={3}
            dir="auto"
            value={draft.description}
            onChange={(event) => set({ description: event.target.value })}
          />
        </label>
        <div className="label">
          {t("fact.assignee")}
          {draft.assignee ? (
            <p>
              <PersonName id={draft.assignee} />{" "}
              <button type="button" className="quiet" onClick={() => set({ assignee: null })}>
                {t("clear")}
              </button>
            </p>
          ) : (
            <PeoplePicker label={t("person")} onPick={(person) => set({ assignee: person })} />
          )}
        </div>
        <label>
          {t("field.group")}
          <input
            name="group"
            list="groups-of-mine"
            value={draft.group}
            onChange={(event) => offerTo(event.target.value)}
          />
          <datalist id="groups-of-mine">
            {me.groups.map((group) => (
              <option key={group} value={group} />
            ))}
          </datalist>
        </label>
        <label>
          {t("due")}
          <input
            type="datetime-local"
            name="due"
            value={draft.due}
            onChange={(event) => set({ due: event.target.value })}
          />
        </label>
        <label>
          {t("priority")}
          <input
            type="number"
            name="priority"
            step="1"
            required
            value={draft.priority}
            onChange={(event) => set({ priority: event.target.value })}
          />
        </label>
        <div className="buttons">
          <button type="submit" className="primary" disabled={sending}>
            {t("create")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
