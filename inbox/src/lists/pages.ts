/** A list of tasks that loads in pages and stays where it is while it changes. */
import type { Got } from "../api/client";
import { Turn } from "../api/pulse";
import type { Task } from "../api/types";

export interface Page {
  /** Leads to this page; null for the first. */
  token: string | null;
  got: Got<Task[]>;
}

/** Fetches a page of `size` tasks; with `before`, only if it has changed since. */
export type Fetch = (
  token: string | null,
  size: number,
  before?: Got<Task[]>,
) => Promise<Got<Task[]> & { readUnits?: number }>;

export type State = "loading" | "ready" | "failed";

type Work = "more" | "refresh";

const FIRST = 50;
const FURTHER = 200;
/** Milliseconds for which a change made here counts more than a list that may not show it yet. */
const SETTLING = 4_000;
/** Milliseconds in which a list is not read again because somebody comes to it. */
const JUST_NOW = 1_000;

interface Change {
  task: Task | null;
  until: number;
}

const changes = new Map<string, Change>();

let changedAt = 0;

/** A task has just been changed here; null means that it has ended. */
export function noteChange(id: string, task: Task | null): void {
  changedAt = Date.now();
  changes.set(id, { task, until: changedAt + SETTLING });
}

/** The pages of one list that have been loaded so far. */
export class TaskPages {
  state: State = "loading";
  error: unknown = null;
  tasks: readonly Task[] = [];
  /** How many rows are above what is seen: kept for the next time that the list is shown. */
  offset = 0;
  /** The first task that is seen, and its row; null at the beginning of the list. */
  top: { id: string; row: number } | null = null;
  current: string | null = null;
  /** Where the current task was seen last. */
  row = 0;
  /** When the first page was last read. */
  readAt = 0;

  private readonly turn = new Turn();
  private pages: Page[] = [];
  private readonly underWay = new Map<Work, Promise<void>>();
  private readonly listeners = new Set<() => void>();
  private version = 0;

  constructor(private readonly fetch: Fetch) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): number => this.version;

  /** Whether more tasks follow those that are loaded. */
  get hasMore(): boolean {
    return Boolean(this.pages.at(-1)?.got.next);
  }

  /** Loads the next page; who scrolls does not wait until the rows have been looked at again. */
  more(): Promise<void> {
    if (this.pages.length && !this.hasMore) return Promise.resolve();
    return this.once("more", async () => {
      const next = () => this.pages.at(-1)?.got.next ?? null;
      do {
        const token = next();
        const isFirst = !this.pages.length;
        const got = await this.ask(token, isFirst ? FIRST : FURTHER);
        // The page before it may lead elsewhere meanwhile, or have become the last.
        if (next() !== token) continue;
        if (isFirst) this.readAt = Date.now();
        this.pages.push({ token, got });
        return;
      } while (this.hasMore);
    });
  }

  /** Somebody comes to the list: what is missing is loaded, and what may be old is read again. */
  come(): Promise<void> {
    if (this.state === "failed") {
      this.state = "loading";
      this.error = null;
      this.show();
    }
    if (this.state === "loading") return this.more();
    const isOld = this.turn.isDue || this.error !== null || changedAt > this.readAt;
    return isOld && Date.now() - this.readAt > JUST_NOW
      ? this.refresh(this.row, this.row)
      : Promise.resolve();
  }

  /** Looks at the rows again if it is their turn. */
  follow(first: number, last: number): Promise<void> {
    return this.turn.isDue ? this.refresh(first, last) : Promise.resolve();
  }

  /** Reads the first page again, and those that hold the rows from `first` to `last`. */
  refresh(first: number, last: number): Promise<void> {
    if (!this.pages.length) return this.more();
    return this.once("refresh", async () => {
      const seen: number[] = [];
      let row = 0;
      this.pages.forEach(({ got }, index) => {
        const end = row + got.data.length;
        if (index === 0 || (row <= last && end > first)) seen.push(index);
        row = end;
      });
      // At the same moment, so that they go together.
      await Promise.all(seen.map((index) => this.refreshPage(index, this.pages[index]!)));
      this.readAt = Date.now();
    });
  }

  /** Shows what `noteChange` was told. */
  settle(): void {
    this.show();
  }

  private async refreshPage(index: number, page: Page): Promise<void> {
    const got = await this.ask(page.token, index === 0 ? FIRST : FURTHER, page.got);
    // The page before it may have moved its beginning meanwhile, or have become the last.
    const now = this.pages[index];
    if (got === page.got || now?.token !== page.token) return;
    this.pages[index] = { token: page.token, got };
    const following = this.pages[index + 1];
    if (!got.next) this.pages.length = index + 1;
    else if (following && following.token !== got.next) {
      this.pages[index + 1] = { ...following, token: got.next };
      await this.refreshPage(index + 1, this.pages[index + 1]!);
    }
  }

  private async ask(token: string | null, size: number, before?: Got<Task[]>) {
    const got = await this.fetch(token, size, before);
    this.turn.took(got.readUnits ?? 0);
    return got;
  }

  /** The same work once at a time; who wants it meanwhile waits for what is under way. */
  private once(kind: Work, work: () => Promise<void>): Promise<void> {
    const known = this.underWay.get(kind);
    if (known) return known;
    const done = work()
      .then(() => {
        this.state = "ready";
        this.error = null;
      })
      .catch((error: unknown) => {
        this.error = error;
        if (!this.pages.length) this.state = "failed";
      })
      .finally(() => {
        this.underWay.delete(kind);
        this.show();
      });
    this.underWay.set(kind, done);
    return done;
  }

  private show(): void {
    const now = Date.now();
    const seen = new Set<string>();
    const tasks: Task[] = [];
    for (const { got } of this.pages) {
      for (const task of got.data) {
        if (seen.has(task.id)) continue;
        seen.add(task.id);
        const change = changes.get(task.id);
        if (!change || change.until < now) tasks.push(task);
        else if (change.task) tasks.push({ ...task, ...change.task });
      }
    }
    this.tasks = tasks;
    this.version += 1;
    for (const listener of this.listeners) listener();
  }
}
