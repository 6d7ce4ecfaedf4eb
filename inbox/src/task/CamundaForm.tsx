/** A task's Camunda Form, drawn and checked by bpmn.io's viewer. */
import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";
import "../styles/form-js.css";
import { Form } from "@bpmn-io/form-js-viewer";
import { useEffect, useRef } from "react";
import type { Task, Variables } from "../api/types";
import { useDraft } from "../drafts";
import { t } from "../texts/texts";
import type { Given } from "../actions/requests";
import { Finish } from "./Finish";
import type { Schema } from "./TaskForm";

type Data = Record<string, unknown>;

interface Props {
  task: Task;
  schema: Schema;
  variables: Variables;
}

export default function CamundaForm({ task, schema, variables }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const form = useRef<Form | null>(null);
  const [draft, setDraft, forget] = useDraft<Data | null>(`${task.id}.form`, null);
  const typed = useRef(draft);

  useEffect(() => {
    if (!place.current) return;
    const made = new Form({ container: place.current });
    form.current = made;
    void made.importSchema(schema as never, { ...values(variables), ...typed.current });
    const changed = ({ data }: { data: Data }) => {
      typed.current = data;
      setDraft(data);
    };
    made.on("changed", changed as never);
    return () => {
      form.current = null;
      made.destroy();
    };
    // The form is made once for a task: what others change meanwhile must not overwrite it.
  }, [schema]);

  const given = (): Given | null => {
    const { data, errors } = form.current?.submit() as { data: Data; errors: object };
    if (Object.keys(errors).length > 0) {
      place.current?.querySelector<HTMLElement>(".fjs-has-errors input")?.focus();
      return null;
    }
    return sent(data, variables);
  };
  return (
    <div className="camunda-form">
      <div ref={place} role="group" aria-label={t("form")} />
      <Finish
        task={task}
        given={given}
        canSave={draft !== null}
        forget={() => {
          forget();
          typed.current = null;
          void form.current?.importSchema(schema as never, values(variables));
        }}
      />
    </div>
  );
}

/** Values as a form takes them: JSON as what it says. */
function values(variables: Variables): Data {
  return Object.fromEntries(
    Object.entries(variables).map(([name, { type, value }]) => [
      name,
      type === "Json" && typeof value === "string" ? parsed(value) : value,
    ]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What a form holds as variables: in the type that they have, or in that of the value. */
function sent(data: Data, variables: Variables): Given {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      if (typeof value === "object" && value !== null) {
        return [name, { type: "Json", value: JSON.stringify(value) }];
      }
      const type = variables[name]?.type;
      const fits = type && type !== "Null" && type !== "Json" && typeof value !== "boolean";
      return [name, fits ? { type, value } : { value }];
    }),
  );
}
