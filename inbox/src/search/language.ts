/** What a search asks for: words and tokens become one task query. */
import type { OrQuery, TaskQuery, VariableCondition } from "../api/types";
import { both, literally } from "./conditions";
import { FIELDS, type Circumstances } from "./fields";
import { tokens, type Operator, type Token } from "./tokens";

/** A token that means nothing, or whose value does not fit. */
export interface Mistake {
  token: string;
  field: string;
}

export interface Meaning {
  query: TaskQuery;
  mistakes: Mistake[];
}

const OPERATORS: Readonly<Record<Operator, VariableCondition["operator"]>> = {
  ":": "eq",
  "=": "eq",
  "!=": "neq",
  ">": "gt",
  ">=": "gteq",
  "<": "lt",
  "<=": "lteq",
};

const SHORTEST_ID = 6;

/** The query of a search. What cannot be understood is a mistake and asks for nothing. */
export function meaning(text: string, around: Circumstances): Meaning {
  let query: TaskQuery = {};
  const mistakes: Mistake[] = [];
  for (const token of tokens(text)) {
    const asked = condition(token, around);
    if (asked) query = both(query, asked);
    else mistakes.push({ token: text.slice(token.start, token.end), field: token.name ?? "" });
  }
  return { query, mistakes };
}

function condition(token: Token, around: Circumstances): TaskQuery | null {
  const { name, operator, value } = token;
  if (name === null) return value === "" ? {} : { orQueries: [word(value, around)] };
  const field = FIELDS[name.toLowerCase()];
  if (field) {
    const equals: Operator = operator === "=" ? ":" : operator;
    if (!field.operators.includes(equals) || value === "") return null;
    return field.ask(equals, value, around);
  }
  return value === "" && !token.quoted ? null : { orQueries: [variable(token)] };
}

function word(value: string, { shown = [] }: Circumstances): OrQuery {
  const pattern = literally(value);
  const inVariables = shown.map((name) => ({ name, operator: "like" as const, value: pattern }));
  return {
    nameLike: pattern,
    descriptionLike: pattern,
    processInstanceBusinessKeyLike: pattern,
    assigneeLike: pattern,
    likePatternIgnoreCase: true,
    ...(value.length >= SHORTEST_ID ? { taskId: value } : {}),
    ...(inVariables.length ? { taskVariables: inVariables, processVariables: inVariables } : {}),
  };
}

/** Of the task itself or of its process; `:` looks for a text anywhere in the value. */
function variable({ name, operator, value, quoted }: Token): OrQuery {
  const conditions = (quoted ? [value] : readings(value)).map((each): VariableCondition => {
    const anywhere = operator === ":" && typeof each === "string";
    return anywhere
      ? { name: name!, operator: "like", value: literally(each) }
      : { name: name!, operator: OPERATORS[operator], value: each };
  });
  const asked: OrQuery = { taskVariables: conditions, processVariables: conditions };
  return operator === ":" ? { ...asked, likePatternIgnoreCase: true } : asked;
}

/** What an unquoted value can stand for. */
function readings(value: string): (string | number | boolean)[] {
  if (value === "true" || value === "false") return [value === "true"];
  if (/^-?(\d+|\d*\.\d+)$/.test(value)) return [Number(value)];
  return [value];
}
