/** Variables as they are edited: a text for each, and what it means in its type. */
import type { Variable, Variables } from "../api/types";
import type { Given } from "../actions/requests";
import { fieldValue, fromField } from "../texts/dates";

export const TYPES = ["String", "Integer", "Long", "Double", "Boolean", "Date", "Json"] as const;

/** The control that a type is edited with; `none` where it is only shown. */
export type Control = "text" | "whole" | "number" | "choice" | "date" | "json" | "none";

const CONTROLS: Readonly<Record<string, Control>> = {
  String: "text",
  Integer: "whole",
  Short: "whole",
  Long: "whole",
  Double: "number",
  Boolean: "choice",
  Date: "date",
  Json: "json",
  Null: "text",
};

export function control(type: string): Control {
  return CONTROLS[type] ?? "none";
}

/** The text that a variable is edited as. */
export function asText({ type, value }: Variable): string {
  if (value === null || value === undefined) return "";
  if (control(type) === "date") return fieldValue(String(value));
  return typeof value === "string" ? value : JSON.stringify(value);
}

export type Reading = { value: unknown } | { mistake: "whole" | "number" | "json" | "date" };

const LARGEST: Readonly<Record<string, number>> = {
  Short: 2 ** 15 - 1,
  Integer: 2 ** 31 - 1,
  Long: Number.MAX_SAFE_INTEGER,
};

/** What a text means as a value of a type. An empty text is null, but a text of type String. */
export function reading(type: string, text: string): Reading {
  const kind = control(type);
  if (kind === "text") return { value: text };
  if (text.trim() === "") return { value: null };
  if (kind === "choice") return { value: text === "true" };
  if (kind === "whole") {
    const number = Number(text);
    const fits = Number.isInteger(number) && Math.abs(number) <= (LARGEST[type] ?? Infinity);
    return fits && /^[+-]?\d+$/.test(text.trim()) ? { value: number } : { mistake: "whole" };
  }
  if (kind === "number") {
    const number = Number(text.replace(",", "."));
    return Number.isFinite(number) ? { value: number } : { mistake: "number" };
  }
  if (kind === "date") {
    return Number.isNaN(Date.parse(text)) ? { mistake: "date" } : { value: fromField(text) };
  }
  return jsonReading(text);
}

function jsonReading(text: string): Reading {
  try {
    JSON.parse(text);
    return { value: text };
  } catch {
    return { mistake: "json" };
  }
}

/** Texts by name, as somebody has changed them; a new variable comes with its type. */
export type Edits = Record<string, { text: string; type: string }>;

/** What to send of edits; null while one of them is mistaken. */
export function given(variables: Variables, edits: Edits): Given | null {
  const sent: Given = {};
  for (const [name, { text, type }] of Object.entries(edits)) {
    const before = variables[name];
    if (before && asText(before) === text) continue;
    const read = reading(type, text);
    if ("mistake" in read) return null;
    sent[name] = { value: read.value, type: type === "Null" ? "String" : type };
  }
  return sent;
}
