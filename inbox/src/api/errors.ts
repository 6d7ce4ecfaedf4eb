/** What can go wrong with a request, as far as the page says something different about it. */

export type Trouble =
  | "offline"
  | "slow"
  | "busy"
  | "signedOut"
  | "forbidden"
  | "gone"
  | "claimed"
  | "changed"
  | "state"
  | "tooLarge"
  | "tooExpensive"
  | "refused"
  | "unreadable"
  | "broken";

/** A request that was not answered well. */
export class ApiError extends Error {
  constructor(
    readonly trouble: Trouble,
    readonly status: number,
    message: string,
    readonly type: string | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

const BY_TYPE: Readonly<Record<string, Trouble>> = {
  TaskAlreadyClaimedException: "claimed",
  OptimisticLockingException: "changed",
  PreconditionFailedException: "changed",
  StateConflictException: "state",
  SuspendedEntityInteractionException: "state",
  RequestTooLargeException: "tooLarge",
  QueryTooExpensiveException: "tooExpensive",
  ResponseTooLargeException: "tooExpensive",
};

const BY_STATUS: Readonly<Record<number, Trouble>> = {
  401: "signedOut",
  403: "forbidden",
  404: "gone",
  409: "changed",
  412: "changed",
  413: "tooLarge",
  429: "busy",
  500: "broken",
  502: "busy",
  503: "busy",
  504: "slow",
};

/** The error that an answer stands for; its message is the service's own. */
export function errorOf(status: number, body: string): ApiError {
  const { type, message } = told(body);
  const trouble = (type && BY_TYPE[type]) || BY_STATUS[status] || "refused";
  return new ApiError(trouble, status, message ?? `HTTP ${status}`, type);
}

function told(body: string): { type: string | null; message: string | null } {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== "object" || parsed === null) return { type: null, message: null };
    const { type, message } = parsed as Record<string, unknown>;
    return {
      type: typeof type === "string" ? type : null,
      message: typeof message === "string" ? message : null,
    };
  } catch {
    return { type: null, message: null };
  }
}

const PASSING: ReadonlySet<Trouble> = new Set(["offline", "slow", "busy", "unreadable", "broken"]);

/** Whether the same request may be answered well a while later. */
export function mayPass(error: unknown): boolean {
  return error instanceof ApiError && PASSING.has(error.trouble);
}

/** Whether somebody else changed what the caller wanted to change. */
export function isConflict(error: unknown): error is ApiError {
  return (
    error instanceof ApiError && ["changed", "claimed", "gone", "state"].includes(error.trouble)
  );
}
