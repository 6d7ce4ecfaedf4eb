/** A field for each variable of a task, by its type. */
import { useState } from "react";
import type { Task, Variable, Variables } from "../api/types";
import { bytes } from "../api/client";
import { useDraft } from "../drafts";
import { complain } from "../parts/toasts";
import { useMe } from "../session/me";
import { exact } from "../texts/dates";
import { t } from "../texts/texts";
import { explain } from "../texts/troubles";
import { Finish } from "./Finish";
import { VariableField } from "./VariableField";
import { asText, control, given, TYPES, type Edits } from "./variables";

interface Props {
  task: Task;
  variables: Variables;
}

export function VariableForm({ task, variables }: Props) {
  const [edits, setEdits, forget] = useDraft<Edits>(`${task.id}.variables`, {});
  const [tried, setTried] = useState(false);
  const { mayWrite } = useMe();
  const names = [...new Set([...Object.keys(variables), ...Object.keys(edits)])];
  const edit = (name: string, text: string, type: string) =>
    setEdits({ ...edits, [name]: { text, type } });
  const sent = () => {
    const found = given(variables, edits);
    setTried(found === null);
    if (found === null) document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
    return found;
  };
  return (
    <div className="variables">
      {names.length === 0 && <p className="hint">{t("form.none")}</p>}
      {names.map((name) => {
        const variable = variables[name];
        const type = edits[name]?.type ?? variable?.type ?? "String";
        if (variable && (control(type) === "none" || !mayWrite)) {
          return <ShownOnly key={name} task={task.id} name={name} variable={variable} />;
        }
        const before = variable ? asText(variable) : "";
        return (
          <VariableField
            key={name}
            name={name}
            type={type}
            text={edits[name]?.text ?? before}
            changed={name in edits && edits[name]?.text !== before}
            strict={tried}
            onChange={(text) => edit(name, text, type)}
          />
        );
      })}
      {mayWrite && (
        <NewVariable task={task.id} taken={names} onAdd={(name, type) => edit(name, "", type)} />
      )}
      <Finish
        task={task}
        given={sent}
        canSave={Object.keys(edits).length > 0}
        forget={forget}
        discard={forget}
      />
    </div>
  );
}

function ShownOnly({ task, name, variable }: { task: string; name: string; variable: Variable }) {
  const isFile = variable.type === "File" || variable.type === "Bytes";
  const info = variable.valueInfo as { filename?: string } | undefined;
  const save = async () => {
    try {
      const path = { id: task, name };
      const blob = await bytes("/task/{id}/variables/{name}/data", { path });
      const href = URL.createObjectURL(blob);
      const download = info?.filename ?? name;
      Object.assign(document.createElement("a"), { href, download }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
    } catch (problem) {
      complain(explain(problem));
    }
  };
  return (
    <div className="field">
      <span className="label" dir="auto">
        <bdi>{name}</bdi> <small>{variable.type}</small>
      </span>
      {isFile ? (
        <button type="button" onClick={() => void save()}>
          {t("attach.save")}
        </button>
      ) : (
        <pre dir="auto">{readable(variable)}</pre>
      )}
    </div>
  );
}

/** A value as text for somebody who does not change it. */
function readable(variable: Variable): string {
  const { type, value } = variable;
  if (value === null || value === undefined) return "—";
  const kind = control(type);
  if (kind === "choice") return t(value ? "yes" : "no");
  if (kind === "date") return exact(String(value));
  return kind === "none" ? JSON.stringify(value, null, 2) : asText(variable);
}

interface NewVariableProps {
  task: string;
  taken: string[];
  onAdd: (name: string, type: string) => void;
}

function NewVariable(props: NewVariableProps) {
  const [name, setName, forget] = useDraft(`${props.task}.variable`, "");
  const [open, setOpen] = useState(name !== "");
  const [type, setType] = useState<string>("String");
  const usable = name.trim() !== "" && !props.taken.includes(name.trim());
  return (
    <details
      className="new-variable"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{t("variable.new")}</summary>
      <div className="row-of-fields">
        <input
          aria-label={t("variable.name")}
          placeholder={t("variable.name")}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <select
          aria-label={t("variable.type")}
          value={type}
          onChange={(event) => setType(event.target.value)}
        >
          {TYPES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <button
          type="button"
          disabled={!usable}
          onClick={() => {
            props.onAdd(name.trim(), type);
            forget();
          }}
        >
          {t("variable.add")}
        </button>
      </div>
    </details>
  );
}
