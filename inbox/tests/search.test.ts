/** What a search asks for, token by token. */
import { describe, expect, test } from "vitest";
import { both, literally } from "../src/search/conditions";
import { completions } from "../src/search/completion";
import { curl } from "../src/search/curl";
import { FIELDS } from "../src/search/fields";
import { meaning } from "../src/search/language";
import { tokens } from "../src/search/tokens";

const NOW = new Date(2026, 5, 15, 12, 0).getTime();
const around = { me: "demo", now: NOW };
const asked = (text: string) => meaning(text, around).query;
const known = { people: ["mary", "john"], groups: ["sales", "support"], services: [], tenants: [] };

describe("tokens", () => {
  test("words, tokens and phrases are told apart", () => {
    const found = tokens('paper due:today "two words" name:"a b" amount>=5');
    expect(found.map(({ name, operator, value }) => [name, operator, value])).toEqual([
      [null, ":", "paper"],
      ["due", ":", "today"],
      [null, ":", "two words"],
      ["name", ":", "a b"],
      ["amount", ">=", "5"],
    ]);
  });

  test("an address is a word", () => {
    expect(tokens("https://example.org/a").map((each) => [each.name, each.value])).toEqual([
      [null, "https://example.org/a"],
    ]);
  });

  test.each(['"', ":", "a:", '"open', "=", "  ", "<script>", "a:b:c", "ä:ö", "💥>1"])(
    "%j is read without an error",
    (text) => {
      expect(() => meaning(text, around)).not.toThrow();
    },
  );
});

describe("meaning", () => {
  test("each word is looked for in the name, the description, the key and the assignee", () => {
    const query = asked("50% paper");
    expect(query.orQueries).toHaveLength(2);
    expect(query.orQueries?.[0]).toMatchObject({
      nameLike: "50\\%",
      descriptionLike: "50\\%",
      processInstanceBusinessKeyLike: "50\\%",
      assigneeLike: "50\\%",
      likePatternIgnoreCase: true,
    });
  });

  test("words are looked for in the variables that are shown", () => {
    const { query } = meaning("acme", { ...around, shown: ["customer"] });
    const condition = [{ name: "customer", operator: "like", value: "acme" }];
    expect(query.orQueries?.[0]).toMatchObject({
      taskVariables: condition,
      processVariables: condition,
    });
  });

  test("today is the reader's day", () => {
    expect(asked("due:today")).toEqual({
      dueAfter: new Date(new Date(2026, 5, 15).getTime() - 1).toISOString(),
      dueBefore: new Date(2026, 5, 16).toISOString(),
    });
  });

  test.each([
    ["due:overdue", { dueBefore: new Date(NOW).toISOString() }],
    ["due:none", { withoutDueDate: true }],
    ["due<2026-07-01", { dueBefore: new Date(2026, 6, 1).toISOString() }],
    ["created>=2026-07-01", { createdAfter: new Date(+new Date(2026, 6, 1) - 1).toISOString() }],
    ["priority>50", { minPriority: 51 }],
    ["priority>=50", { minPriority: 50 }],
    ["priority<50", { maxPriority: 49 }],
    ["priority=7", { priority: 7 }],
    ["assignee:me", { assignee: "demo" }],
    ["assignee:none", { unassigned: true }],
    ["group:sales", { candidateGroup: "sales" }],
    ["user:mary", { candidateUser: "mary" }],
    ["is:suspended", { suspended: true }],
    ["is:waiting", { followUpAfter: new Date(NOW).toISOString() }],
    ["service:operator-p4", { service: "operator-p4" }],
    ["tenant:t1", { tenantIdIn: ["t1"] }],
    ["GROUP:sales", { candidateGroup: "sales" }],
    ['name:"a_b"', { nameLike: "a\\_b" }],
  ])("%s", (text, query) => {
    expect(asked(text)).toEqual(query);
  });

  test.each([
    ["amount>1000", "gt", 1000],
    ["amount<=-1.5", "lteq", -1.5],
    ["paid=true", "eq", true],
    ["customer=Acme", "eq", "Acme"],
    ["customer:acme", "like", "acme"],
    ["customer!=Acme", "neq", "Acme"],
    ['number="7"', "eq", "7"],
  ])("%s compares a variable of the task or of its process", (text, operator, value) => {
    const [asking] = asked(text).orQueries ?? [];
    const condition = { name: text.match(/^\w+/)![0], operator, value };
    expect(asking?.taskVariables).toEqual([condition]);
    expect(asking?.processVariables).toEqual([condition]);
  });

  test.each(["due:someday", "due>", "priority:high", "is:blue", "due:2026-02-30", "group>sales"])(
    "%s is a mistake and asks for nothing",
    (text) => {
      expect(meaning(text, around)).toEqual({
        query: {},
        mistakes: [{ token: text, field: text.match(/^\w+/)![0] }],
      });
    },
  );

  test("what excludes each other at one level is asked for at two", () => {
    expect(asked("user:mary group:sales")).toEqual({
      candidateUser: "mary",
      orQueries: [{ candidateGroup: "sales" }],
    });
    expect(both({ assigneeExpression: "${currentUser()}" }, { assignee: "mary" })).toEqual({
      assigneeExpression: "${currentUser()}",
      orQueries: [{ assignee: "mary" }],
    });
  });

  test("what a pattern means is taken literally", () => {
    expect(literally("a_b%c\\")).toBe("a\\_b\\%c\\\\");
  });
});

describe("completion", () => {
  const shown = (text: string, caret = text.length) =>
    completions(text, caret, known).map((each) => each.shown);

  test("names of fields complete, then their values", () => {
    expect(shown("du")).toEqual(["due:"]);
    expect(shown("due:to")).toEqual(["due:today", "due:tomorrow"]);
    expect(shown("group:s")).toEqual(["group:sales", "group:support"]);
    expect(shown("assignee:")).toEqual([
      "assignee:me",
      "assignee:none",
      "assignee:mary",
      "assignee:john",
    ]);
  });

  test("a completion replaces the token at the caret alone", () => {
    const [first] = completions("paper gro urgent", 9, known);
    expect(first).toMatchObject({ text: "paper group: urgent", caret: 12 });
  });

  test("every field has a help text and takes an operator", () => {
    for (const [name, field] of Object.entries(FIELDS)) {
      expect(field.help, name).toMatch(/^search\./);
      expect(field.operators.length, name).toBeGreaterThan(0);
    }
  });
});

test("a command quotes what a shell would read", () => {
  const command = curl("http://127.0.0.1:3008", { nameLike: "it's $(x)" });
  expect(command).toContain(`-d '{"nameLike":"it'\\''s $(x)"}'`);
  expect(command).toContain('"http://127.0.0.1:3008/task?maxResults=50"');
});
