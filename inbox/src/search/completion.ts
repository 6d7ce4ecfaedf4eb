/** What may follow as somebody types a search. */
import { FIELDS } from "./fields";
import { asTyped, tokens } from "./tokens";

/** One way to go on: the text of the whole search, and where the caret is then. */
export interface Completion {
  shown: string;
  /** The field whose help goes with it; null for a value. */
  field: string | null;
  text: string;
  caret: number;
}

/** The values that fields can have here. */
export type Known = Readonly<Record<"people" | "groups" | "services" | "tenants", string[]>>;

const MOST = 8;

/** The completions of what stands at the caret, the likeliest first. */
export function completions(text: string, caret: number, known: Known): Completion[] {
  const token = tokens(text).find((each) => each.start < caret && caret <= each.end);
  const start = token?.start ?? caret;
  const typed = text.slice(start, caret);
  const rest = text.slice(token?.end ?? caret);
  const put = (inserted: string, field: string | null, shown = inserted): Completion => ({
    shown,
    field,
    text: text.slice(0, start) + inserted + rest,
    caret: start + inserted.length,
  });

  if (token?.name) {
    const field = FIELDS[token.name.toLowerCase()];
    if (!field) return [];
    const head = text.slice(token.start, token.start + token.name.length + token.operator.length);
    const values = typeof field.values === "string" ? known[field.values] : field.values;
    return matching(token.name === "assignee" ? ["me", "none", ...values] : values, token.value)
      .filter((value) => value !== token.value)
      .map((value) => put(`${head}${asTyped(value)} `, null, `${head}${asTyped(value)}`));
  }
  if (token?.quoted || (typed === "" && text.trim() !== "" && caret < text.length)) return [];
  return matching(Object.keys(FIELDS), typed).map((name) => {
    const sign = name === "priority" ? ">" : ":";
    return put(name + sign, name);
  });
}

function matching(values: readonly string[], typed: string): string[] {
  const wanted = typed.toLowerCase();
  const starts = values.filter((value) => value.toLowerCase().startsWith(wanted));
  const holds = wanted
    ? values.filter((value) => value.toLowerCase().includes(wanted) && !starts.includes(value))
    : [];
  return [...starts, ...holds].slice(0, MOST);
}
