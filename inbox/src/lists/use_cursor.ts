/** The task of the list that the keyboard is at, and what is selected around it. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { go, here, useRoute } from "../route";
import { selection } from "../actions/state";
import type { TaskPages } from "./pages";

export interface Cursor {
  /** The id of the task, and a number that rises when the keyboard has moved. */
  current: string | null;
  moved: number;
  move: (by: number, selecting?: boolean) => void;
  open: () => void;
  /** Selects the current task, or no longer. */
  toggle: () => void;
  /** The same of any task; with `range`, all from the last one to this one. */
  select: (id: string, range: boolean) => void;
  all: () => void;
}

export function useCursor(pages: TaskPages): Cursor {
  const { task: opened } = useRoute();
  const [current, setCurrent] = useState<string | null>(pages.current);
  const [moved, setMoved] = useState(0);
  const place = useRef(0);
  const anchor = useRef<string | null>(null);
  const { tasks } = pages;

  const put = useCallback(
    (id: string | null) => {
      pages.current = id;
      setCurrent(id);
    },
    [pages],
  );
  useEffect(() => put(pages.current), [pages, put]);
  useEffect(() => {
    if (opened) put(opened);
  }, [opened, put]);

  // The row stays at its place when its task has gone.
  const index = tasks.findIndex((task) => task.id === current);
  useEffect(() => {
    if (index >= 0) place.current = index;
    else if (tasks.length && current !== opened) {
      put(tasks[Math.min(place.current, tasks.length - 1)]?.id ?? null);
    }
  }, [index, tasks, current, opened, put]);

  return useMemo(() => {
    const idOf = (at: number) => pages.tasks[at]?.id ?? null;
    const at = () => pages.tasks.findIndex((task) => task.id === pages.current);
    const select = (id: string, range: boolean) => {
      const from = range && anchor.current !== null ? anchor.current : id;
      const places = [from, id].map((each) => pages.tasks.findIndex((task) => task.id === each));
      const [start, end] = [Math.min(...places), Math.max(...places)];
      const ids = range ? pages.tasks.slice(start, end + 1).map((task) => task.id) : [id];
      selection.set((before) => {
        const after = new Set(before);
        const off = !range && before.has(id);
        for (const each of ids) after[off ? "delete" : "add"](each);
        return after;
      });
      if (!range) anchor.current = id;
      put(id);
    };
    return {
      current,
      moved,
      select,
      move(by, selecting = false) {
        const last = pages.tasks.length - 1;
        const now = at();
        const next = idOf(Math.max(0, Math.min(last, now < 0 ? place.current : now + by)));
        if (next === null) return;
        if (selecting) {
          if (anchor.current === null) anchor.current = pages.current;
          select(next, true);
        }
        put(next);
        setMoved((before) => before + 1);
        if (here().task && !selecting) go({ task: next }, true);
      },
      open() {
        if (pages.current) go({ task: pages.current });
      },
      toggle() {
        if (pages.current) select(pages.current, false);
      },
      all() {
        selection.set(new Set(pages.tasks.map((task) => task.id)));
      },
    };
  }, [pages, current, moved, put]);
}
