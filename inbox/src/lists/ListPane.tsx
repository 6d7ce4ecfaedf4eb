/** The list in the middle: as many rows as fit are drawn, further pages load as one scrolls. */
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  startTransition,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
} from "react";
import { useWatch } from "../api/pulse";
import { go } from "../route";
import { settings } from "../settings";
import { t } from "../texts/texts";
import { explain } from "../texts/troubles";
import { dialog, selection } from "../actions/state";
import { useMe } from "../session/me";
import { BulkBar } from "../actions/BulkBar";
import { ListHead } from "./ListHead";
import { Row } from "./Row";
import type { TaskPages } from "./pages";
import type { Cursor } from "./use_cursor";
import type { ShownList } from "./use_list";

const HEIGHTS = { comfortable: 60, dense: 36 } as const;
const NARROW = 84;
/** Rows that are drawn above and below those that are seen. */
const BEYOND = 8;
/** Rows that are loaded before they are seen: about as many as come while one goes through them. */
const AHEAD = 150;

interface Props {
  list: ShownList;
  cursor: Cursor;
  narrow: boolean;
}

export function ListPane({ list, cursor, narrow }: Props) {
  const { pages } = list;
  const { tasks } = pages;
  const chosen = selection.use();
  const box = useRef<HTMLDivElement>(null);
  const { density } = settings.use();
  const height = narrow ? NARROW : HEIGHTS[density];
  const [drawn, setDrawn] = useState<TaskPages | null>(null);
  const isFilled = tasks.length > 0;
  useEffect(() => {
    // The rows that are seen are drawn first, those around them afterwards.
    if (isFilled) startTransition(() => setDrawn(pages));
  }, [isFilled, pages]);
  const virtual = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: drawn === pages ? BEYOND : 0,
    initialOffset: () => pages.offset * height,
  });
  const rows = virtual.getVirtualItems();
  const first = rows[0]?.index ?? 0;
  const last = rows.at(-1)?.index ?? 0;

  useEffect(() => virtual.measure(), [height, virtual]);
  useLayoutEffect(() => {
    box.current?.scrollTo({ top: pages.offset * height });
  }, [pages, height]);
  useLayoutEffect(() => {
    // After scrolling, the visible rows stay in place when tasks appear or disappear above them.
    const { top } = pages;
    const row = top ? tasks.findIndex(({ id }) => id === top.id) : -1;
    if (!top || row < 0 || row === top.row) return;
    box.current?.scrollBy({ top: (row - top.row) * height });
    pages.top = { id: top.id, row };
  }, [pages, tasks, height]);
  useEffect(() => {
    // After an error one asks again oneself.
    if (!pages.error && pages.hasMore && last >= tasks.length - AHEAD) void pages.more();
  }, [pages, last, tasks.length, pages.error]);
  useWatch(() => void pages.follow(first, last));

  const index = tasks.findIndex((task) => task.id === cursor.current);
  const isDrawn = rows.some((row) => row.index === index);
  useEffect(() => {
    if (cursor.moved && index >= 0) virtual.scrollToIndex(index, { align: "auto" });
  }, [cursor.moved, index, virtual]);

  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, () => void> = {
      ArrowDown: () => cursor.move(1, event.shiftKey),
      ArrowUp: () => cursor.move(-1, event.shiftKey),
      PageDown: () => cursor.move(10, event.shiftKey),
      PageUp: () => cursor.move(-10, event.shiftKey),
      Home: () => cursor.move(-Infinity, event.shiftKey),
      End: () => cursor.move(Infinity, event.shiftKey),
      Enter: () => cursor.open(),
      " ": () => cursor.toggle(),
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  };
  const left = (scrolled: number) => {
    pages.offset = scrolled / height;
    const row = Math.floor(pages.offset);
    const task = tasks[row];
    pages.top = scrolled > 0 && task ? { id: task.id, row } : null;
  };
  const open = useCallback((id: string) => go({ task: id }), []);
  const total = pages.hasMore ? -1 : tasks.length;
  return (
    <main className="list" id="list">
      <ListHead list={list} />
      <BulkBar tasks={tasks} />
      <div className="place">
        <div
          ref={box}
          className="rows"
          role="listbox"
          tabIndex={0}
          aria-label={list.filter?.name ?? t(list.definition.text)}
          aria-multiselectable="true"
          aria-activedescendant={isDrawn ? `row-${cursor.current}` : undefined}
          aria-busy={pages.state === "loading"}
          onKeyDown={onKeyDown}
          onScroll={({ currentTarget }) => left(currentTarget.scrollTop)}
        >
          <div role="presentation" className="spacer" style={{ height: virtual.getTotalSize() }}>
            {rows.map(({ index: at, start }) => {
              const task = tasks[at]!;
              return (
                <Row
                  key={task.id}
                  task={task}
                  index={at}
                  of={total}
                  top={start}
                  current={task.id === cursor.current}
                  selected={chosen.has(task.id)}
                  variables={list.variables}
                  onOpen={open}
                  onSelect={cursor.select}
                />
              );
            })}
          </div>
        </div>
        <Below list={list} />
      </div>
    </main>
  );
}

function Below({ list: { pages, definition, words } }: { list: ShownList }) {
  if (pages.state === "loading") return <p className="hint below">{t("loading")}</p>;
  if (pages.error) {
    return (
      <div className="notice bad below" role="alert">
        <p>{explain(pages.error)}</p>
        <button type="button" onClick={() => void pages.refresh(0, 0)}>
          {t("again")}
        </button>
      </div>
    );
  }
  if (pages.tasks.length) return null;
  return (
    <div className="empty below">
      <p>{t(words ? "empty.search" : definition.empty)}</p>
      {!words && <WaysOn from={definition.key} />}
    </div>
  );
}

/** Where to go from a list of one's own that is empty. */
function WaysOn({ from }: { from: string }) {
  const { mayWrite } = useMe();
  if (from !== "mine" && from !== "groups") return null;
  return (
    <p className="ways">
      {from === "mine" && (
        <button type="button" onClick={() => go({ list: "groups", task: null })}>
          {t("list.groups")}
        </button>
      )}
      {mayWrite && (
        <button type="button" onClick={() => dialog.set({ kind: "create" })}>
          {t("create")}
        </button>
      )}
    </p>
  );
}
