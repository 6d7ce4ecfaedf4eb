/** What a Camunda Form holds, and the variables that it stands for. */
import type { Variables } from "../api/types";
import type { Given } from "../actions/requests";

/** Values by the keys of a form's fields. */
export type Data = Record<string, unknown>;

/** Values as a form takes them: JSON as what it says. */
export function values(variables: Variables): Data {
  return Object.fromEntries(
    Object.entries(variables).map(([name, { type, value }]) => [
      name,
      type === "Json" && typeof value === "string" ? parsed(value) : value,
    ]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What differs from how the form began; null for nothing. */
export function typed(start: Data, now: Data): Data | null {
  const changed = Object.entries(now).filter(([name, value]) => !same(start[name], value));
  return changed.length ? Object.fromEntries(changed) : null;
}

/** Names of values that the form's fields cannot hold, so that it shows none or another one. */
export function misfits(before: Data, shown: Data): string[] {
  return Object.keys(before).filter((name) => !isHeld(before[name], shown[name]));
}

function isHeld(value: unknown, shown: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value !== "object") return String(value) === String(shown);
  if (typeof shown !== "object" || shown === null) return false;
  const inside = shown as Data;
  return Object.entries(value).every(([name, each]) => isHeld(each, inside[name]));
}

/**
 * What a form holds as variables: in the type that they have, or in that of the value. A variable
 * that did not fit stays as it is until somebody fills its field.
 */
export function given(
  held: Data,
  variables: Variables,
  start: Data,
  unfit: readonly string[],
): Given {
  const sent = Object.entries(held).filter(
    ([name, value]) => !(unfit.includes(name) && same(start[name], value)),
  );
  return Object.fromEntries(
    sent.map(([name, value]) => {
      if (typeof value === "object" && value !== null) {
        return [name, { type: "Json", value: JSON.stringify(value) }];
      }
      const type = variables[name]?.type;
      const fits =
        type &&
        type !== "Null" &&
        type !== "Json" &&
        typeof value !== "boolean" &&
        !unfit.includes(name);
      return [name, fits ? { type, value } : { value }];
    }),
  );
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
