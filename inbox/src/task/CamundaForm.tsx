/** A task's Camunda Form, drawn and checked by bpmn.io's viewer. */
import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";
import "../styles/form-js.css";
import { Form } from "@bpmn-io/form-js-viewer";
import { useEffect, useRef, useState } from "react";
import type { Task, Variables } from "../api/types";
import { useDraft } from "../drafts";
import { useMe } from "../session/me";
import { t } from "../texts/texts";
import { EscapingRenderer } from "./escaping_renderer";
import { Finish } from "./Finish";
import { given, misfits, typed, values, type Data } from "./form_data";
import type { Schema } from "./TaskForm";
import { VariableForm } from "./VariableForm";

interface Props {
  task: Task;
  schema: Schema;
  variables: Variables;
}

export default function CamundaForm({ task, schema, variables }: Props) {
  const form = useForm(task.id, schema, variables);
  if (form.broken !== null) {
    return (
      <>
        <p role="alert">{t("form.broken", { message: form.broken })}</p>
        <VariableForm task={task} variables={variables} />
      </>
    );
  }
  return (
    <div className="camunda-form">
      {form.unfit.length > 0 && (
        <p className="notice" role="status" dir="auto">
          {t("form.unfit", { names: form.unfit.join(", ") })}
        </p>
      )}
      <div ref={form.place} role="group" aria-label={t("form")} />
      <Finish
        task={task}
        given={form.checked}
        canSave={form.changed}
        forget={form.sent}
        discard={form.discard}
      />
    </div>
  );
}

/** The viewer with its form: what it holds is kept as a draft as far as somebody has typed it. */
function useForm(task: string, schema: Schema, variables: Variables) {
  const place = useRef<HTMLDivElement>(null);
  const made = useRef<Form | null>(null);
  const [draft, setDraft, forget] = useDraft<Data | null>(`${task}.form`, null);
  const kept = useRef(draft);
  const start = useRef<Data>({});
  const data = useRef<Data>({});
  const [unfit, setUnfit] = useState<string[]>([]);
  const [broken, setBroken] = useState<string | null>(null);

  const filling = useRef(false);
  const { mayWrite } = useMe();

  /** The values with what has been typed above them. */
  const fill = async (form: Form) => {
    const before = values(variables);
    const back = caret(place.current);
    filling.current = true;
    try {
      await form.importSchema(schema as never, before);
      start.current = data.current;
      setUnfit(misfits(before, data.current));
      if (kept.current) await form.importSchema(schema as never, { ...before, ...kept.current });
      // The viewer draws its fields anew, all of them before the next key can be pressed.
      await Promise.resolve();
      back();
    } catch (error) {
      setBroken(error instanceof Error ? error.message : String(error));
    } finally {
      filling.current = false;
    }
  };

  useEffect(() => {
    if (!place.current) return;
    // Waiting for a pause, the viewer would lose what is typed when it is drawn anew meanwhile.
    const options = {
      container: place.current,
      debounce: false,
      additionalModules: [TEXTS],
      properties: { readOnly: !mayWrite },
    };
    const form = new Form(options as never);
    made.current = form;
    form.on("changed", (({ data: now }: { data: Data }) => {
      // The viewer goes on writing into its own.
      data.current = structuredClone(now);
      if (filling.current) return;
      kept.current = typed(start.current, now);
      if (kept.current) setDraft(kept.current);
      else forget();
    }) as never);
    return () => {
      made.current = null;
      form.destroy();
    };
  }, [schema]);

  // What others change meanwhile is shown beside what has been typed here.
  const held = JSON.stringify(values(variables));
  useEffect(() => {
    if (made.current) void fill(made.current);
  }, [schema, held]);

  return {
    place,
    unfit,
    broken,
    changed: draft !== null,
    /** What to send; null while something is mistaken, which has the focus then. */
    checked() {
      const { data: held, errors } = made.current?.submit() as { data: Data; errors: object };
      if (Object.keys(errors).length === 0) return given(held, variables, start.current, unfit);
      setTimeout(() => place.current?.querySelector<HTMLElement>(MISTAKEN)?.focus());
      return null;
    },
    /** What is in the form has been sent: it is no draft any more. */
    sent() {
      start.current = data.current;
      kept.current = null;
      forget();
    },
    discard() {
      kept.current = null;
      forget();
      if (made.current) void fill(made.current);
    },
  };
}

/** Texts of a form are Markdown; HTML in them is shown as it is written. */
const TEXTS = { markdownRenderer: ["type", EscapingRenderer] };

/** Where somebody types within an element; the result puts them there again. */
function caret(place: HTMLElement | null): () => void {
  const fields = () => [...(place?.querySelectorAll<HTMLInputElement>(FIELDS) ?? [])];
  const at = fields().findIndex((field) => field === document.activeElement);
  if (at < 0) return () => undefined;
  const { selectionStart, selectionEnd } = fields()[at]!;
  return () => {
    const field = fields()[at];
    if (!field || field === document.activeElement) return;
    field.focus();
    if (selectionStart !== null) field.setSelectionRange(selectionStart, selectionEnd);
  };
}

const FIELDS = "input, textarea, select, [tabindex]";
const MISTAKEN = ".fjs-has-errors :is(input, textarea, select, [tabindex='0'])";
