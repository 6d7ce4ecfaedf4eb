/** Lists that change while they are shown, variables as they are typed, deeds as they are told. */
import { describe, expect, test, vi } from "vitest";
import type { LogEntry, Task, Variables } from "../src/api/types";
import { kept } from "../src/filters/kept";
import { counts } from "../src/lists/counting";
import { LISTS } from "../src/lists/definitions";
import { noteChange, TaskPages } from "../src/lists/pages";
import { deeds } from "../src/task/story";
import { asText, given, reading } from "../src/task/variables";

describe("pages of a list", () => {
  /** A list on a server: its ids in order, a page token being the number of the next one. */
  function served(ids: string[]) {
    const asked: (string | null)[] = [];
    const pages = new TaskPages((token, size) => {
      asked.push(token);
      const from = Number(token ?? 0);
      const data = ids.slice(from, from + size).map((id) => ({ id }) as Task);
      const next = from + size < ids.length ? String(from + size) : null;
      return Promise.resolve({ data, etag: null, next });
    });
    const shown = () => pages.tasks.map(({ id }) => id);
    return { pages, shown, asked, ids };
  }
  const many = (n: number) => Array.from({ length: n }, (_, index) => `t${index}`);

  test("load one after another until there are no more", async () => {
    const { pages, shown, ids } = served(many(600));
    await pages.more();
    expect(shown()).toHaveLength(50);
    while (pages.hasMore) await pages.more();
    expect(shown()).toEqual(ids);
    await pages.more();
    expect(shown()).toHaveLength(600);
  });

  test("are read again where they are seen, and no task is shown twice", async () => {
    const { pages, shown, asked, ids } = served(many(600));
    while (pages.hasMore || !pages.tasks.length) await pages.more();
    asked.length = 0;
    ids.unshift("new");
    await pages.refresh(260, 280);
    expect(asked).toEqual([null, "250"]);
    expect(shown()[0]).toBe("new");
    expect(new Set(shown()).size).toBe(shown().length);
  });

  test("shrink when the list does", async () => {
    const { pages, shown, ids } = served(many(120));
    while (pages.hasMore || !pages.tasks.length) await pages.more();
    ids.length = 10;
    await pages.refresh(0, 20);
    expect(shown()).toEqual(many(10));
  });

  test("a task that was completed here is gone at once", async () => {
    const { pages, shown } = served(many(3));
    await pages.more();
    noteChange("t1", null);
    pages.settle();
    expect(shown()).toEqual(["t0", "t2"]);
  });

  test("load on while they are looked at again", async () => {
    const answers: (() => void)[] = [];
    const page = (id: string, next: string | null) => ({
      data: [{ id } as Task],
      etag: id,
      next,
    });
    const pages = new TaskPages(async (token, _, before) => {
      if (before) await new Promise<void>((done) => answers.push(done));
      return before ?? page(token ?? "first", token ? null : "second");
    });
    await pages.more();
    const refreshed = pages.refresh(0, 1);
    await pages.more();
    expect(pages.tasks.map(({ id }) => id)).toEqual(["first", "second"]);
    for (const answer of answers) answer();
    await refreshed;
    expect(pages.hasMore).toBe(false);
  });

  test("go on where the list goes on now, though it has changed meanwhile", async () => {
    const { pages, shown, ids } = served(many(300));
    await pages.more();
    const further = pages.more();
    ids.splice(0, 300, ...many(300).map((id) => `new-${id}`));
    await Promise.all([further, pages.refresh(0, 1)]);
    while (pages.hasMore) await pages.more();
    expect(shown().filter((id) => id.startsWith("new-"))).toContain("new-t0");
    expect(new Set(shown()).size).toBe(shown().length);
  });

  test("a failure keeps what was there and is told", async () => {
    let works = true;
    const pages = new TaskPages(() =>
      works
        ? Promise.resolve({ data: [{ id: "a" } as Task], etag: null, next: null })
        : Promise.reject(new Error("down")),
    );
    await pages.more();
    works = false;
    await pages.refresh(0, 1);
    expect(pages.tasks).toHaveLength(1);
    expect(pages.error).toEqual(new Error("down"));
    works = true;
    await pages.refresh(0, 1);
    expect(pages.error).toBeNull();
  });
});

describe("who comes to a list", () => {
  const page = (id: string) => ({ data: [{ id } as Task], etag: id, next: null, readUnits: 1 });

  test("sees what has changed since it was read, but not twice at once", async () => {
    vi.useFakeTimers();
    const answers = ["first", "second", "third"];
    const pages = new TaskPages(() => Promise.resolve(page(answers.shift()!)));
    await pages.come();
    await pages.come();
    expect(pages.tasks.map(({ id }) => id)).toEqual(["first"]);
    vi.setSystemTime(Date.now() + 2_000);
    await pages.come();
    expect(pages.tasks.map(({ id }) => id)).toEqual(["second"]);
    vi.useRealTimers();
  });

  test("has a list that costs much read again only after a change of one's own", async () => {
    vi.useFakeTimers();
    let times = 0;
    const pages = new TaskPages(() => {
      times += 1;
      return Promise.resolve({ ...page("same"), readUnits: 400 });
    });
    await pages.come();
    vi.setSystemTime(Date.now() + 2_000);
    await pages.come();
    expect(times).toBe(1);
    noteChange("same", null);
    vi.setSystemTime(Date.now() + 2_000);
    await pages.come();
    expect(times).toBe(2);
    vi.useRealTimers();
  });

  test("has one that failed asked for anew", async () => {
    let isDown = true;
    const pages = new TaskPages(() =>
      isDown ? Promise.reject(new Error("down")) : Promise.resolve(page("up")),
    );
    await pages.come();
    expect(pages.state).toBe("failed");
    isDown = false;
    const done = pages.come();
    expect(pages.state).toBe("loading");
    expect(pages.error).toBeNull();
    await done;
    expect(pages.tasks.map(({ id }) => id)).toEqual(["up"]);
  });
});

describe("numbers of the lists", () => {
  const now = new Date(2026, 5, 15, 12, 0).getTime();
  const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
  const task = (properties: Partial<Task>) =>
    ({ assignee: null, due: null, followUp: null, ...properties }) as Task;

  test("each list counts what it asks the service for", () => {
    const tasks = [
      task({ assignee: "demo" }),
      task({ assignee: "demo", followUp: at(1) }),
      task({ due: at(-1) }),
      task({ due: at(1) }),
      task({ due: at(24) }),
    ];
    expect(counts(tasks, "demo", now)).toEqual({
      mine: 1,
      groups: 3,
      today: 2,
      overdue: 1,
      waiting: 1,
    });
  });

  test("every list that shows a number is counted", () => {
    const counted = LISTS.filter((list) => list.counted).map(({ key }) => key);
    expect(Object.keys(counts([], "demo", now)).sort()).toEqual(counted.sort());
  });
});

describe("variables", () => {
  test.each([
    ["String", "", { value: "" }],
    ["Integer", "7", { value: 7 }],
    ["Integer", "", { value: null }],
    ["Integer", "2147483648", { mistake: "whole" }],
    ["Integer", "7.5", { mistake: "whole" }],
    ["Short", "40000", { mistake: "whole" }],
    ["Long", "9007199254740993", { mistake: "whole" }],
    ["Double", "1,5", { value: 1.5 }],
    ["Double", "much", { mistake: "number" }],
    ["Boolean", "false", { value: false }],
    ["Json", '{"a": 1}', { value: '{"a": 1}' }],
    ["Json", "{a}", { mistake: "json" }],
    ["Date", "2026-13-01T00:00", { mistake: "date" }],
  ])("%s %j", (type, text, expected) => {
    expect(reading(type, text)).toEqual(expected);
  });

  test("what has not changed is not sent", () => {
    const variables: Variables = {
      a: { type: "Integer", value: 1, valueInfo: {} },
      b: { type: "String", value: "x", valueInfo: {} },
    } as Variables;
    const edits = { a: { text: "1", type: "Integer" }, b: { text: "y", type: "String" } };
    expect(given(variables, edits)).toEqual({ b: { value: "y", type: "String" } });
  });

  test("a mistake keeps everything from being sent", () => {
    expect(given({}, { a: { text: "x", type: "Double" } })).toBeNull();
  });

  test("a date is edited in the reader's zone and sent as the same instant", () => {
    const date = { type: "Date", value: "2026-06-15T12:30:00.000+0000" } as Variables[string];
    expect(reading("Date", asText(date))).toEqual({ value: "2026-06-15T12:30:00.000Z" });
  });
});

describe("a filter that is kept", () => {
  const now = new Date(2026, 5, 15, 12, 0).getTime();

  test("is about the person who asks, at the time of asking", () => {
    const query = {
      assignee: "demo",
      followUpBeforeOrNotExistent: new Date(now).toISOString(),
      orQueries: [{ candidateUser: "demo" }, { nameLike: "demo" }],
    };
    expect(kept(query, "demo", now)).toEqual({
      assigneeExpression: "${currentUser()}",
      followUpBeforeOrNotExistentExpression: "${now()}",
      orQueries: [{ candidateUserExpression: "${currentUser()}" }, { nameLike: "demo" }],
    });
  });

  test("moves with the days", () => {
    const query = { dueBefore: new Date(2026, 5, 16).toISOString() };
    const { dueBeforeExpression } = kept(query, "demo", now);
    expect(dueBeforeExpression).toMatch(/withTimeAtStartOfDay\(\)\.plusDays\(1\)/);
  });

  test("leaves other dates as they are", () => {
    const query = { dueBefore: new Date(2027, 0, 1).toISOString() };
    expect(kept(query, "demo", now)).toEqual(query);
  });
});

test("lines of the log that one request wrote are one deed", () => {
  const line = (entry: Partial<LogEntry>) =>
    ({
      operationId: "1",
      operationType: "Update",
      userId: "mary",
      timestamp: "2026-06-15T12:00:00.000+0000",
      property: null,
      orgValue: null,
      newValue: null,
      ...entry,
    }) as LogEntry;
  const told = deeds([
    line({ property: "priority", orgValue: "50", newValue: "70" }),
    line({ property: "name", orgValue: "a", newValue: "b" }),
    line({ operationId: "2", operationType: "Claim", timestamp: "2026-06-15T13:00:00.000+0000" }),
  ]);
  expect(told.map(({ what, changes }) => [what, changes.length])).toEqual([
    ["deed.unclaim", 0],
    ["deed.update", 2],
  ]);
});
