/** What was done to a task, in sentences. */
import type { LogEntry } from "../api/types";
import { instant, short } from "../texts/dates";
import { t, type TextKey } from "../texts/texts";

export interface Deed {
  id: string;
  person: string;
  at: string;
  what: TextKey;
  /** Properties, as the page calls them, with what they were and what they became. */
  changes: { property: string; before: string | null; after: string | null }[];
}

const WHAT: Readonly<Record<string, TextKey>> = {
  Create: "deed.create",
  Claim: "deed.claim",
  Assign: "deed.assign",
  Delegate: "deed.delegate",
  Resolve: "deed.resolve",
  Update: "deed.update",
  Complete: "deed.complete",
  Delete: "deed.delete",
  AddUserLink: "deed.link",
  AddGroupLink: "deed.link",
  DeleteUserLink: "deed.unlink",
  DeleteGroupLink: "deed.unlink",
  SetVariable: "deed.variable",
  ModifyVariable: "deed.variable",
  RemoveVariable: "deed.variable",
  AddAttachment: "deed.attachment",
  DeleteAttachment: "deed.attachmentGone",
  AddComment: "deed.comment",
  UpdateComment: "deed.commentChanged",
  DeleteComment: "deed.commentGone",
  Start: "deed.start",
  Fail: "deed.fail",
  Cancel: "deed.cancel",
};

/** What the log calls the properties that the page names otherwise. */
const PROPERTIES: Readonly<Record<string, TextKey>> = {
  assignee: "fact.assignee",
  delegation: "fact.delegation",
  description: "field.description",
  due: "fact.due",
  dueDate: "fact.due",
  followUp: "fact.followUp",
  followUpDate: "fact.followUp",
  name: "field.name",
  owner: "fact.owner",
  priority: "fact.priority",
};
/** Says nothing beside the sentence. */
const DELETED = "delete";

const DATES = new Set(["dueDate", "due", "followUpDate", "followUp", "createTime"]);

/** The lines of the log that one request wrote are one deed; the newest comes first. */
export function deeds(entries: readonly LogEntry[]): Deed[] {
  const found = new Map<string, Deed>();
  for (const entry of entries) {
    const { operationId, operationType, property, orgValue, newValue } = entry;
    const key = `${operationId} ${operationType}`;
    const deed = found.get(key) ?? {
      id: key,
      person: entry.userId,
      at: entry.timestamp,
      what: what(operationType, newValue),
      changes: [],
    };
    found.set(key, deed);
    if (property && property !== DELETED) {
      const [before, after] = [shown(property, orgValue), shown(property, newValue)];
      deed.changes.push({ property: propertyName(property), before, after });
    }
  }
  return [...found.values()].sort((a, b) => instant(b.at) - instant(a.at));
}

function what(operation: string, value: string | null): TextKey {
  if ((operation === "Assign" || operation === "Claim") && value === null) return "deed.unclaim";
  return WHAT[operation] ?? "deed.other";
}

function shown(property: string, value: string | null): string | null {
  if (value === null || !DATES.has(property)) return value;
  const at = /^\d+$/.test(value) ? new Date(Number(value)).toISOString() : value;
  return Number.isNaN(instant(at)) ? value : short(at);
}

/** What the page calls a property. */
function propertyName(property: string): string {
  const known = PROPERTIES[property];
  return known ? t(known) : property;
}

/** "Mary claimed the task": a deed of somebody with a name. */
export function sentence(deed: Deed, name: string): string {
  return t(deed.what, { person: name });
}
