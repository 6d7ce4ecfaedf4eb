/** The names that a search knows, and what each asks for. */
import type { OrQuery, TaskQuery } from "../api/types";
import type { TextKey } from "../texts/texts";
import { literally } from "./conditions";
import { DAYS, span } from "./days";
import type { Operator } from "./tokens";

/** What the meaning of a search depends on. */
export interface Circumstances {
  me: string;
  now: number;
  /** Names of the variables that the list shows; words are looked for in them, too. */
  shown?: readonly string[];
}

/** Where the values of a field come from. */
export type Values = "people" | "groups" | "services" | "tenants" | readonly string[];

export interface Field {
  help: TextKey;
  values: Values;
  operators: readonly Operator[];
  /** What a value asks for; null where it means nothing. */
  ask(operator: Operator, value: string, around: Circumstances): TaskQuery | null;
}

const IS: readonly Operator[] = [":"];
const RANGE: readonly Operator[] = [":", ">", ">=", "<", "<="];

function text(property: keyof TaskQuery & keyof OrQuery, values: Values, help: TextKey): Field {
  return { help, values, operators: IS, ask: (_, value) => ({ [property]: value }) };
}

function like(property: "nameLike" | "descriptionLike", help: TextKey): Field {
  return { help, values: [], operators: IS, ask: (_, value) => ({ [property]: literally(value) }) };
}

function flags(known: Record<string, (around: Circumstances) => TaskQuery>, help: TextKey): Field {
  return {
    help,
    values: Object.keys(known),
    operators: IS,
    ask: (_, value, around) => known[value.toLowerCase()]?.(around) ?? null,
  };
}

function person(property: "assignee" | "owner" | "candidateUser" | "involvedUser"): Field {
  return {
    help: `search.${property}`,
    values: "people",
    operators: IS,
    ask: (_, value, { me }) => {
      if (value === "none" && property === "assignee") return { unassigned: true };
      return { [property]: value === "me" ? me : value };
    },
  };
}

function date(name: "due" | "followUp" | "created", help: TextKey): Field {
  const special: Record<string, (now: string) => TaskQuery> =
    name === "due"
      ? { overdue: (now) => ({ dueBefore: now }), none: () => ({ withoutDueDate: true }) }
      : {};
  return {
    help,
    values: [...DAYS, ...Object.keys(special)],
    operators: RANGE,
    ask: (operator, value, { now }) => {
      const asked = operator === ":" ? special[value.toLowerCase()] : undefined;
      if (asked) return asked(new Date(now).toISOString());
      const days = span(value, now);
      return days && within(name, operator, days.from, days.to);
    },
  };
}

/** Bounds of the API are exclusive, to the millisecond. */
function within(name: string, operator: Operator, from: Date, to: Date): TaskQuery {
  const before = (instant: Date) => ({ [`${name}Before`]: instant.toISOString() });
  const after = (instant: Date) => ({
    [`${name}After`]: new Date(instant.getTime() - 1).toISOString(),
  });
  if (operator === "<") return before(from);
  if (operator === "<=") return before(to);
  if (operator === ">") return after(to);
  if (operator === ">=") return after(from);
  return { ...after(from), ...before(to) };
}

const PRIORITY: Field = {
  help: "search.priority",
  values: [],
  operators: RANGE,
  ask: (operator, value) => {
    if (!/^-?\d{1,9}$/.test(value)) return null;
    const number = Number(value);
    if (operator === ">") return { minPriority: number + 1 };
    if (operator === ">=") return { minPriority: number };
    if (operator === "<") return { maxPriority: number - 1 };
    if (operator === "<=") return { maxPriority: number };
    return { priority: number };
  },
};

const instantOf = ({ now }: Circumstances) => new Date(now).toISOString();

export const FIELDS: Readonly<Record<string, Field>> = {
  due: date("due", "search.due"),
  assignee: person("assignee"),
  group: text("candidateGroup", "groups", "search.group"),
  priority: PRIORITY,
  is: flags(
    {
      assigned: () => ({ assigned: true }),
      unassigned: () => ({ unassigned: true }),
      overdue: (around) => ({ dueBefore: instantOf(around) }),
      waiting: (around) => ({ followUpAfter: instantOf(around) }),
      delegated: () => ({ delegationState: "PENDING" }),
      suspended: () => ({ suspended: true }),
    },
    "search.is",
  ),
  created: date("created", "search.created"),
  followup: date("followUp", "search.followup"),
  user: person("candidateUser"),
  involved: person("involvedUser"),
  owner: person("owner"),
  service: text("service", "services", "search.service"),
  type: text("taskDefinitionKey", [], "search.type"),
  process: text("processDefinitionKey", [], "search.process"),
  key: text("processInstanceBusinessKey", [], "search.key"),
  name: like("nameLike", "search.name"),
  description: like("descriptionLike", "search.description"),
  tenant: {
    help: "search.tenant",
    values: "tenants",
    operators: IS,
    ask: (_, value) => ({ tenantIdIn: [value] }),
  },
  id: text("taskId", [], "search.id"),
};
