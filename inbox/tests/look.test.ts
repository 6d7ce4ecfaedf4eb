/** What is shown is asked for together, and not sent again while it stays the same. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ask } from "../src/api/client";
import { lookAtFilters, lookAtNumber, lookAtTasks, lookNow } from "../src/api/look";

vi.mock("../src/api/client", () => ({ ask: vi.fn() }));

const asked = vi.mocked(ask);

/** The service answers each request by the parts of the next of these. */
function answering(...answers: { queries?: object[]; filters?: object | null }[]): void {
  for (const { queries = [], filters = null } of answers) {
    asked.mockResolvedValueOnce({ data: { queries, filters }, etag: null, next: null } as never);
  }
}

const bodies = () => asked.mock.calls.map((call) => (call[2] as { body: unknown }).body);

describe("what is looked at", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    asked.mockReset();
  });

  it("is one request for all that is asked for at the same moment", async () => {
    answering({
      queries: [
        { status: 200, tag: "a", tasks: [{ id: "1" }], nextPageToken: "p", readUnits: 2 },
        { status: 200, tag: "b", count: 7 },
      ],
      filters: { status: 200, tag: "c", filters: [] },
    });
    const all = Promise.all([
      lookAtTasks({ assignee: "demo" }, { size: 50 }),
      lookAtFilters(),
      lookAtNumber({}),
    ]);
    await vi.runAllTimersAsync();
    const [tasks, filters, number] = await all;

    expect(asked).toHaveBeenCalledTimes(1);
    expect(bodies()[0]).toEqual({
      queries: [
        { query: { assignee: "demo" }, maxResults: 50, pageToken: null, tag: null },
        { query: {}, count: true, tag: null },
      ],
      filters: { tag: null },
    });
    expect(tasks).toEqual({ data: [{ id: "1" }], etag: "a", next: "p", readUnits: 2 });
    expect([filters.data, number.data]).toEqual([[], 7]);
  });

  it("is sent at once where nothing more is to go with it", async () => {
    answering({ queries: [{ status: 200, tasks: [] }] }, { queries: [{ status: 200, count: 7 }] });
    const tasks = lookAtTasks({}, { size: 1 });
    lookNow();
    expect(asked).toHaveBeenCalledTimes(1);
    const number = lookAtNumber({});
    await vi.runAllTimersAsync();
    expect([(await tasks).data, (await number).data]).toEqual([[], 7]);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it("is the same object where nothing has changed", async () => {
    answering(
      { queries: [{ status: 200, tag: "a", tasks: [], nextPageToken: null }] },
      { queries: [{ status: 304, tag: "a" }] },
    );
    const first = lookAtTasks({}, { size: 1 });
    await vi.runAllTimersAsync();
    const second = lookAtTasks({}, { size: 1 }, await first);
    await vi.runAllTimersAsync();

    expect(await second).toBe(await first);
    expect(bodies()[1]).toMatchObject({ queries: [{ tag: "a" }] });
  });

  it("is more requests where it is more than one may have", async () => {
    answering(
      { queries: Array.from({ length: 8 }, () => ({ status: 200, tag: "a", count: 1 })) },
      { queries: [{ status: 200, tag: "a", count: 2 }] },
    );
    const all = Promise.all(Array.from({ length: 9 }, () => lookAtNumber({})));
    await vi.runAllTimersAsync();

    expect((await all).map(({ data }) => data)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2]);
  });

  it("fails alone, and is asked for once more when the service was busy", async () => {
    const busy = { status: 503, error: { type: "TemporarilyUnavailableException", message: "m" } };
    const wrong = { status: 400, error: { type: "InvalidRequestException", message: "wrong" } };
    answering(
      { queries: [busy, wrong, { status: 200, tag: "a", count: 3 }] },
      { queries: [{ status: 200, tag: "b", count: 1 }] },
    );
    const all = Promise.allSettled([lookAtNumber({}), lookAtNumber({}), lookAtNumber({})]);
    await vi.runAllTimersAsync();
    const [first, second, third] = await all;

    expect(first).toMatchObject({ value: { data: 1 } });
    expect(second).toMatchObject({ reason: { status: 400, message: "wrong" } });
    expect(third).toMatchObject({ value: { data: 3 } });
  });

  it("fails as a whole where the request does", async () => {
    asked.mockRejectedValueOnce(new Error("offline"));
    const all = Promise.allSettled([lookAtNumber({}), lookAtFilters()]);
    await vi.runAllTimersAsync();

    expect((await all).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});
