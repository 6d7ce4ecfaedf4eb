/** Requests to the API: typed by its description, with the token, told apart by what went wrong. */
import { ApiError, errorOf } from "./errors";
import { connection } from "./connection";
import type { paths } from "./schema";

export type Method = "get" | "post" | "put" | "patch" | "delete";

type Operation<P extends keyof paths, M extends Method> = Exclude<paths[P][M], undefined>;

type BodyOf<O> = O extends { requestBody?: { content: infer C } }
  ? C extends { "application/json": infer B }
    ? B
    : FormData
  : undefined;

type AnswerOf<O> = O extends { responses: infer R }
  ? R extends { 200: { content: { "application/json": infer A } } }
    ? A
    : R extends { 201: { content: { "application/json": infer A } } }
      ? A
      : undefined
  : undefined;

type Described<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends { responses: unknown } ? P : never;
}[keyof paths];

/** What a request has beside method and path. */
export interface Sent<Body> {
  /** Values of the path's parameters. */
  path?: Record<string, string>;
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: Body | FormData;
  /** The version that the task must have. */
  ifMatch?: string | null;
  /** Repeating the request with the same key changes nothing. */
  key?: string;
  signal?: AbortSignal;
}

/** What a request was answered. */
export interface Got<Answer> {
  data: Answer;
  etag: string | null;
  next: string | null;
}

/** What precedes the API's paths: whatever precedes the page's own folder. */
export const prefix = location.pathname.split("/inbox")[0] ?? "";

const PATIENCE = 35_000;

let token: (fresh: boolean) => Promise<string> = () => Promise.reject(new Error("not signed in"));

/** From now on, requests carry what `source` gives; `fresh` means the last token was refused. */
export function authorizeWith(source: (fresh: boolean) => Promise<string>): void {
  token = source;
}

/**
 * One request. With `before`, an earlier answer, it is conditional: what has not changed since
 * is that same object. Raises `ApiError`.
 */
export async function ask<M extends Method, P extends Described<M>>(
  method: M,
  path: P,
  sent: Sent<BodyOf<Operation<P, M>>> = {},
  before?: Got<AnswerOf<Operation<P, M>>>,
): Promise<Got<AnswerOf<Operation<P, M>>>> {
  const answer = await send(method, path, sent, before?.etag ?? null);
  if (answer.status === 304 && before) return before;
  const text = await answer.text();
  if (!answer.ok) throw errorOf(answer.status, text);
  return {
    data: (text ? read(answer.status, text) : undefined) as AnswerOf<Operation<P, M>>,
    etag: answer.headers.get("etag"),
    next: answer.headers.get("x-next-page-token"),
  };
}

/** What an answer says; whatever is no JSON is not the service's, but of something in between. */
function read(status: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError("unreadable", status, "no JSON");
  }
}

/** The bytes that a path answers. Raises `ApiError`. */
export async function bytes(path: Described<"get">, sent: Sent<undefined>): Promise<Blob> {
  const answer = await send("get", path, sent, null);
  if (!answer.ok) throw errorOf(answer.status, await answer.text());
  return answer.blob();
}

/** The address of a path, with its parameters filled in. */
export function address(
  path: string,
  parameters: Record<string, string> = {},
  query: Sent<unknown>["query"] = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(parameters[name] ?? ""),
  );
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return prefix + filled + (search.size ? `?${search}` : "");
}

async function send(
  method: Method,
  path: string,
  sent: Sent<unknown>,
  known: string | null,
): Promise<Response> {
  const again = async (fresh: boolean): Promise<Response> => {
    const headers: Record<string, string> = { Authorization: `Bearer ${await token(fresh)}` };
    if (sent.ifMatch) headers["If-Match"] = sent.ifMatch;
    if (sent.key) headers["Idempotency-Key"] = sent.key;
    if (known) headers["If-None-Match"] = known;
    const form = sent.body instanceof FormData;
    if (sent.body !== undefined && !form) headers["Content-Type"] = "application/json";
    const body = form ? (sent.body as FormData) : JSON.stringify(sent.body);
    return transmitted(address(path, sent.path, sent.query), {
      method: method.toUpperCase(),
      headers,
      cache: "no-store",
      ...(sent.body === undefined ? {} : { body }),
      ...(sent.signal ? { signal: sent.signal } : {}),
    });
  };
  let answer = await again(false);
  if (answer.status === 401) answer = await again(true);
  if ((answer.status === 503 || answer.status === 429) && isRead(method, path)) {
    await new Promise((done) => setTimeout(done, 1000));
    answer = await again(false);
  }
  return answer;
}

function isRead(method: Method, path: string): boolean {
  return (
    method === "get" ||
    ["/task", "/task/count", "/v1/look"].includes(path) ||
    /list$|count$/.test(path)
  );
}

async function transmitted(url: string, init: RequestInit): Promise<Response> {
  const limit = AbortSignal.timeout(PATIENCE);
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
  const ended = connection.started();
  try {
    const answer = await fetch(url, { ...init, signal });
    connection.reached();
    return answer;
  } catch (error) {
    if (init.signal?.aborted) throw error;
    if (limit.aborted) throw new ApiError("slow", 0, "no answer");
    connection.lost();
    throw new ApiError("offline", 0, String(error));
  } finally {
    ended();
  }
}
