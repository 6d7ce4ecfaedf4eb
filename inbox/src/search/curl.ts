/** A query as a command for a terminal. */
import type { TaskQuery } from "../api/types";

/** The command that asks the API the same; `$TOKEN` is the reader's own. */
export function curl(origin: string, query: TaskQuery): string {
  const body = JSON.stringify(query).replace(/'/g, "'\\''");
  return [
    `curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\`,
    `  -d '${body}' \\`,
    `  "${origin}/task?maxResults=50"`,
  ].join("\n");
}
