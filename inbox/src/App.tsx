/** The page of somebody who is signed in: lists, a list, a task. */
import { useCallback, useEffect, useState } from "react";
import { useConnection } from "./api/connection";
import { Header } from "./Header";
import { useShortcuts } from "./keyboard/shortcuts";
import { useCommands } from "./keyboard/commands";
import { ListNav } from "./lists/ListNav";
import { ListPane } from "./lists/ListPane";
import { NoFilter } from "./lists/NoFilter";
import type { TaskPages } from "./lists/pages";
import { useCursor } from "./lists/use_cursor";
import { useList } from "./lists/use_list";
import { later } from "./parts/later";
import { Toasts } from "./parts/toasts";
import { useNarrow } from "./parts/use_narrow";
import { go, here, useRoute } from "./route";
import { settings } from "./settings";
import { TaskPane } from "./task/TaskPane";
import { short } from "./texts/dates";
import { t } from "./texts/texts";
import { dialog, selection } from "./actions/state";
import { afterEnd } from "./actions/use_work";

const Dialogs = later(() => import("./Dialogs"), "silent");

export function App() {
  const { task, list: place, words, sort } = useRoute();
  const list = useList();
  const cursor = useCursor(list.pages);
  const narrow = useNarrow();
  const open = dialog.use();
  const commands = useCommands(list, cursor);
  useShortcuts(commands);

  useEffect(() => selection.set(new Set()), [place, words, sort]);
  useSeenSelection(list.pages);
  useAfterEnd(list.pages);
  const [drawer, setDrawer] = useState(false);
  const toggle = useCallback(() => setDrawer((before) => !before), []);
  const close = useCallback(() => setDrawer(false), []);
  const view = narrow && task ? "task" : "list";
  return (
    <div className="app" data-view={view} data-task={task ? "open" : undefined}>
      <a className="skip" href={`#${view}`} onClick={(event) => skip(event, view)}>
        {t(`skip.${view}`)}
      </a>
      <Header words={list.words} onMenu={toggle} menuOpen={drawer} />
      <Trouble readAt={list.pages.readAt} />
      <div className="columns">
        {(!narrow || drawer) && <ListNav onChosen={close} />}
        {(!narrow || !task) &&
          (list.isKnown ? <ListPane list={list} cursor={cursor} narrow={narrow} /> : <NoFilter />)}
        {task ? (
          <TaskPane id={task} alone={narrow} />
        ) : (
          !narrow && (
            <aside className="pane idle">
              <p className="hint">{t("pick")}</p>
            </aside>
          )
        )}
      </div>
      <Toasts />
      {open && <Dialogs open={open} list={list} commands={commands} />}
    </div>
  );
}

function skip(event: { preventDefault: () => void }, view: "list" | "task"): void {
  event.preventDefault();
  document.querySelector<HTMLElement>(view === "list" ? ".rows" : ".pane")?.focus();
}

/** Takes tasks that the list no longer shows out of the selection: no key changes a hidden task. */
function useSeenSelection({ tasks, state }: TaskPages): void {
  useEffect(() => {
    if (state !== "ready") return;
    const shown = new Set(tasks.map(({ id }) => id));
    selection.set((before) => {
      const seen = [...before].filter((id) => shown.has(id));
      return seen.length === before.size ? before : new Set(seen);
    });
  }, [tasks, state]);
}

/** When the task that is open has ended, the next one opens, or the list is shown. */
function useAfterEnd(pages: { tasks: readonly { id: string }[] }): void {
  useEffect(() => {
    afterEnd.run = (id) => {
      selection.set((before) => new Set([...before].filter((each) => each !== id)));
      if (here().task !== id) return;
      const index = pages.tasks.findIndex((task) => task.id === id);
      const next = pages.tasks[index + 1] ?? pages.tasks[index - 1];
      go({ task: settings.get().next && next ? next.id : null }, true);
      document.querySelector<HTMLElement>(".rows")?.focus();
    };
  }, [pages]);
}

function Trouble({ readAt }: { readAt: number }) {
  const connection = useConnection();
  if (connection === "good") return null;
  const time = readAt ? short(new Date(readAt).toISOString()) : "—";
  return (
    <p className="trouble" role="alert">
      {t(connection === "offline" ? "connection.offline" : "connection.slow", { time })}
    </p>
  );
}
