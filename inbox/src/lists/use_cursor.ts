/** The task of the list that the keyboard is at, and what is selected around it. */
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "react";
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
  const [, drawAgain] = useReducer((times: number) => times + 1, 0);
  const [moved, setMoved] = useState(0);
  const anchor = useRef<string | null>(null);
  const { tasks } = pages;
  const known = tasks.findIndex((task) => task.id === pages.current);
  // The row stays at its place when its task has gone.
  const row = known < 0 ? Math.min(pages.row, tasks.length - 1) : known;
  const current =
    known < 0 && pages.current !== opened ? (tasks[row]?.id ?? pages.current) : pages.current;

  const goTo = useCallback(
    (id: string | null) => {
      pages.current = id;
      drawAgain();
    },
    [pages],
  );
  useEffect(() => {
    pages.current = current;
    if (tasks[row]?.id === current) pages.row = row;
  }, [pages, tasks, row, current]);
  // After what was drawn is noted: a task that opens is the current one, whatever was it before.
  useEffect(() => {
    if (opened) goTo(opened);
  }, [opened, goTo]);

  return useMemo(() => {
    const idOf = (at: number) => pages.tasks[at]?.id ?? null;
    const rowOf = (id: string | null) => pages.tasks.findIndex((task) => task.id === id);
    const select = (id: string, range: boolean) => {
      // It may have been in another list, or have gone.
      const from = rowOf(anchor.current) < 0 ? id : anchor.current;
      const rows = [rowOf(from), rowOf(id)];
      const [start, end] = [Math.min(...rows), Math.max(...rows)];
      const ids = range ? pages.tasks.slice(start, end + 1).map((task) => task.id) : [id];
      selection.set((before) => {
        const after = new Set(before);
        const off = !range && before.has(id);
        for (const each of ids) after[off ? "delete" : "add"](each);
        return after;
      });
      if (!range) anchor.current = id;
      goTo(id);
    };
    return {
      current,
      moved,
      select,
      move(by, selecting = false) {
        const last = pages.tasks.length - 1;
        const now = rowOf(pages.current);
        // One that is not in the list has a row above it, and one that took its place.
        const to = now < 0 ? pages.row + Math.min(by, 0) : now + by;
        const next = idOf(Math.max(0, Math.min(last, to)));
        if (next === null) return;
        if (selecting) {
          if (rowOf(anchor.current) < 0) anchor.current = pages.current;
          select(next, true);
        }
        goTo(next);
        setMoved((before) => before + 1);
        if (here().task && !selecting) go({ task: next }, true);
      },
      open() {
        if (pages.current) go({ task: pages.current });
      },
      toggle() {
        if (rowOf(pages.current) >= 0) select(pages.current!, false);
      },
      all() {
        selection.set(new Set(pages.tasks.map((task) => task.id)));
      },
    };
  }, [pages, current, moved, goTo]);
}
