/** What a task asks for: its form, or a field for each of its variables. */
import { useQuery } from "@tanstack/react-query";
import { ask } from "../api/client";
import { ApiError } from "../api/errors";
import { untilAnswered } from "../api/pulse";
import type { Task } from "../api/types";
import { later } from "../parts/later";
import { t } from "../texts/texts";
import { explain } from "../texts/troubles";
import { useVariables } from "./queries";
import { VariableForm } from "./VariableForm";

const CamundaForm = later(() => import("./CamundaForm"));

/** A form as form-js takes it. */
export type Schema = { components: unknown[] } & Record<string, unknown>;

/** The task's form; null where it has none that can be shown here. */
function useForm(task: Task) {
  return useQuery({
    queryKey: ["form", task.id, task.formKey, task.camundaFormRef?.key],
    queryFn: async (): Promise<Schema | null> => {
      if (!task.formKey && !task.camundaFormRef) return null;
      try {
        const { data } = await ask("get", "/task/{id}/deployed-form", { path: { id: task.id } });
        const schema = data as unknown as Schema | undefined;
        return Array.isArray(schema?.components) ? schema : null;
      } catch (error) {
        const none = error instanceof ApiError && [400, 404].includes(error.status);
        if (none) return null;
        throw error;
      }
    },
    staleTime: Infinity,
    refetchInterval: untilAnswered,
  });
}

interface Props {
  task: Task;
  version: string | null;
}

export function TaskForm({ task, version }: Props) {
  const form = useForm(task);
  const variables = useVariables(task.id, version);
  const error = form.error ?? variables.error;
  return (
    <section className="part form" aria-label={t("form")}>
      <h3>{t("form")}</h3>
      {error ? (
        <p role="alert">{explain(error)}</p>
      ) : form.isPending || !variables.data ? (
        <p className="hint">{t("loading")}</p>
      ) : form.data ? (
        <CamundaForm task={task} schema={form.data} variables={variables.data} />
      ) : (
        <>
          {task.formKey && <p className="hint">{t("form.elsewhere", { key: task.formKey })}</p>}
          <VariableForm task={task} variables={variables.data} />
        </>
      )}
    </section>
  );
}
