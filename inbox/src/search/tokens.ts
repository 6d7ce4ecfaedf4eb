/** A search as people type it, cut into words and tokens such as `due:today` or `amount>1000`. */

export type Operator = ":" | "=" | "!=" | ">" | ">=" | "<" | "<=";

export interface Token {
  /** The name before the operator; null for a word. */
  name: string | null;
  operator: Operator;
  value: string;
  /** Whether the value stood in quotes. */
  quoted: boolean;
  start: number;
  end: number;
}

const PART = /(?:([\p{L}_][\p{L}\p{N}_.-]*)(:|>=|<=|!=|>|<|=))?(?:"([^"]*)"?|([^\s"]\S*))?/gu;

/** The tokens of a text, in their order. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  for (const match of text.matchAll(PART)) {
    if (!match[0]) continue;
    const [whole, name, operator, quoted, plain] = match;
    const start = match.index;
    const token = { value: quoted ?? plain ?? "", quoted: quoted !== undefined, start };
    const isAddress = operator === ":" && plain?.startsWith("//");
    if (name && !isAddress) {
      const shape = { ...token, name, operator: operator as Operator };
      found.push({ ...shape, end: start + whole.length });
    } else {
      const value = isAddress ? whole : token.value;
      found.push({ ...token, value, name: null, operator: ":", end: start + whole.length });
    }
  }
  return found;
}

/** A value as it is typed, in quotes where it needs them. */
export function asTyped(value: string): string {
  return /[\s"]/.test(value) || value === "" ? `"${value.replace(/"/g, "")}"` : value;
}
