/** The API's shapes by their short names; they are generated from docs/openapi.json. */
import type { components } from "./schema";

type Schemas = components["schemas"];

/** A task of a list tells its version and its service where it was asked to. */
export type Task = Schemas["Task"];
export type TaskQuery = Partial<Schemas["TaskQuery"]>;
export type OrQuery = Partial<Schemas["OrQuery"]>;
export type Variable = Schemas["Variable"];
export type Variables = Record<string, Variable>;
export type Comment = Schemas["Comment"];
export type Attachment = Schemas["Attachment"];
export type LogEntry = Schemas["LogEntry"];
export type User = Schemas["User"];
/** The description leaves open what queries and properties of filters hold. */
export type Filter = Omit<Schemas["Filter"], "query" | "properties"> & {
  query: TaskQuery;
  properties: Record<string, unknown> | null;
};
export type IdentityLink = Schemas["IdentityLink"];
export type ServiceTask = Schemas["ServiceTask"];
export type VariableCondition = NonNullable<TaskQuery["taskVariables"]>[number];
