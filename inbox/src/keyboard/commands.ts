/** Everything that can be done by key or from the palette, for what is shown and selected. */
import { useMemo } from "react";
import { LISTS } from "../lists/definitions";
import type { Cursor } from "../lists/use_cursor";
import type { ShownList } from "../lists/use_list";
import { undoLast } from "../parts/toasts";
import { go, useRoute } from "../route";
import { useMe } from "../session/me";
import { signOut } from "../session/session";
import { choose, settings } from "../settings";
import { t } from "../texts/texts";
import { bulkRun } from "../actions/bulk";
import { dialog, selection, type Question } from "../actions/state";
import { useWork } from "../actions/use_work";
import type { Command } from "./shortcuts";

/** The fields of a task's form: its completion sends them. */
const FORM = "[data-variable], .camunda-form";

export function useCommands(list: ShownList, cursor: Cursor): Command[] {
  const me = useMe();
  const work = useWork();
  const { task: opened } = useRoute();
  const selected = selection.use();
  const { current } = cursor;
  return useMemo(() => {
    const ids = selected.size ? [...selected] : [opened ?? current].filter((id) => id !== null);
    const works = me.mayWrite && ids.length > 0;
    const ask = (question: Question) => () => dialog.set({ kind: "ask", question, ids });
    const one = (alone: (id: string) => unknown, kind: "claim" | "unclaim") => () => {
      if (ids.length === 1) void alone(ids[0]!);
      else bulkRun(kind, ids);
    };
    const command = (id: string, text: string, keys: string[], run: () => void, when = true) => ({
      id,
      text,
      keys,
      run,
      when,
    });
    return [
      command("claim", t("claim"), ["c"], one(work.claim, "claim"), works),
      command("unclaim", t("unclaim"), ["u"], one(work.unclaim, "unclaim"), works),
      command("assign", t("assign"), ["e"], ask("assign"), works),
      command("due", t("due"), ["d"], ask("due"), works),
      command("followUp", t("followUp"), ["h", "H"], ask("followUp"), works),
      command("priority", t("priority"), ["p"], ask("priority"), works),
      {
        ...command("complete", t("complete"), ["Ctrl+Enter"], () => finish(ids, opened), works),
        // A comment, for example, is sent by the same keys.
        fields: FORM,
      },
      command("comment", t("comment.new"), ["r"], focus("[name=comment]"), opened !== null),
      command("undo", t("undo"), ["z"], () => void undoLast()),
      command("next", t("command.next"), ["j"], () => cursor.move(1)),
      command("previous", t("command.previous"), ["k"], () => cursor.move(-1)),
      command("extend", t("command.extend"), ["J"], () => cursor.move(1, true)),
      command("extendUp", t("command.extendUp"), ["K"], () => cursor.move(-1, true)),
      command("open", t("command.open"), ["Enter", "o"], () => cursor.open()),
      command("select", t("command.select"), ["x"], () => cursor.toggle()),
      command("selectAll", t("command.selectAll"), ["*"], () => cursor.all()),
      command("back", t("back"), ["Escape"], () => back(selected.size, opened)),
      command("search", t("search"), ["/"], focus("[name=search]")),
      command("create", t("create"), ["n"], () => dialog.set({ kind: "create" }), me.mayWrite),
      command("refresh", t("reload"), ["."], () => void list.pages.refresh(0, 0)),
      ...LISTS.map(({ key, text, letter }) =>
        command(`list.${key}`, t("command.go", { list: t(text) }), [`g ${letter}`], () =>
          go({ list: key, task: null, words: "", sort: null }),
        ),
      ),
      command("palette", t("palette"), ["Ctrl+k", ":"], () => dialog.set({ kind: "palette" })),
      command("help", t("help"), ["?"], () => dialog.set({ kind: "help" })),
      command("settings", t("settings"), [], () => dialog.set({ kind: "settings" })),
      command("density", t("density"), [], () => {
        const dense = settings.get().density === "dense";
        choose({ density: dense ? "comfortable" : "dense" });
      }),
      command("query", t("query.show"), [], () => dialog.set({ kind: "query" })),
      command("filter", t("filter.new"), [], () => dialog.set({ kind: "filter" }), me.mayWrite),
      command("signOut", t("signOut"), [], () => void signOut()),
    ];
  }, [me, work, opened, current, selected, cursor, list.pages]);
}

function focus(selector: string): () => void {
  return () => document.querySelector<HTMLElement>(selector)?.focus();
}

/** Sends the form of the task that is shown; asks before any others are completed. */
function finish(ids: readonly string[], opened: string | null): void {
  const button = document.querySelector<HTMLButtonElement>("[data-action=complete]");
  if (ids.length === 1 && ids[0] === opened && button) button.click();
  else dialog.set({ kind: "ask", question: "complete", ids });
}

function back(selected: number, opened: string | null): void {
  if (selected) selection.set(new Set());
  else if (opened) go({ task: null });
}
