/** What went wrong, and what to do about it, in words. */
import { ApiError } from "../api/errors";
import { t } from "./texts";

/** One or two sentences for an error. */
export function explain(error: unknown): string {
  if (error instanceof ApiError) {
    return t(`trouble.${error.trouble}`, { message: error.message });
  }
  return t("trouble.broken", { message: error instanceof Error ? error.message : String(error) });
}
