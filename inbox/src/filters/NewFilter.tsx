/** Keeps the list that is shown, with its search and its order, as a filter with a name. */
import { useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useDraft } from "../drafts";
import type { ShownList } from "../lists/use_list";
import { Dialog } from "../parts/Dialog";
import { complain } from "../parts/toasts";
import { go } from "../route";
import { useMe } from "../session/me";
import { t } from "../texts/texts";
import { explain } from "../texts/troubles";
import { kept } from "./kept";
import { createFilter } from "./queries";

export function NewFilter({ list, onClose }: { list: ShownList; onClose: () => void }) {
  const me = useMe();
  const client = useQueryClient();
  const [draft, setDraft, forget] = useDraft(`filter.${list.key}`, {
    name: list.words,
    group: "",
    variables: "",
  });
  const { name, group, variables } = draft;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const shown = variables.split(",").map((each) => each.trim());
    try {
      const made = await createFilter({
        name: name.trim(),
        owner: me.id,
        query: kept(list.query(), me.id),
        properties: {
          ...(group ? { groups: [group] } : {}),
          variables: shown.filter(Boolean).map((each) => ({ name: each, label: each })),
        },
      });
      forget();
      onClose();
      await client.invalidateQueries({ queryKey: ["count", "filters"] });
      go({ list: `filter:${made.id}`, words: "", task: null, sort: null });
    } catch (problem) {
      complain(explain(problem));
    }
  };
  return (
    <Dialog title={t("filter.new")} onClose={onClose}>
      <form className="fields" onSubmit={(event) => void submit(event)}>
        <p className="hint">{t("filter.text")}</p>
        <label>
          {t("field.name")}
          <input
            name="name"
            required
            dir="auto"
            value={name}
            onChange={(event) => setDraft({ ...draft, name: event.target.value })}
          />
        </label>
        <label>
          {t("filter.group")}
          <select
            name="group"
            value={group}
            onChange={(event) => setDraft({ ...draft, group: event.target.value })}
          >
            <option value="">{t("filter.group.none")}</option>
            {me.groups.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <label>
          {t("filter.variables")}
          <input
            name="variables"
            placeholder="amount, customer"
            value={variables}
            onChange={(event) => setDraft({ ...draft, variables: event.target.value })}
          />
        </label>
        <div className="buttons">
          <button type="submit" className="primary">
            {t("filter.save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
