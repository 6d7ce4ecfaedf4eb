/** What is known of a task beside its name. */
import type { ReactNode } from "react";
import type { Task } from "../api/types";
import { PersonName } from "../parts/people";
import { When } from "../parts/When";
import { isolated, t, type TextKey } from "../texts/texts";
import { useBusinessKey, useLinks } from "./queries";

export function Facts({ task, version }: { task: Task; version: string | null }) {
  const { data: links = [] } = useLinks(task.id, version);
  const { data: businessKey } = useBusinessKey(task.processInstanceId);
  const offered = links.map((link) => link.groupId ?? link.userId ?? "").filter(Boolean);
  const process = task.processDefinitionId?.split(":")[0];
  const facts: [TextKey, ReactNode][] = [
    ["fact.assignee", task.assignee ? <PersonName id={task.assignee} /> : t("nobody")],
    ["fact.owner", task.owner && <PersonName id={task.owner} />],
    ["fact.candidates", offered.length > 0 && offered.map(isolated).join(", ")],
    ["fact.due", task.due && <When date={task.due} late />],
    ["fact.followUp", task.followUp && <When date={task.followUp} />],
    ["fact.priority", String(task.priority)],
    ["fact.created", <When date={task.created} />],
    ["fact.updated", task.lastUpdated && <When date={task.lastUpdated} />],
    ["fact.process", process],
    ["fact.key", businessKey],
    [
      "fact.service",
      task.service && `${isolated(task.service)} (${t(`state.${stateOf(task.state)}`)})`,
    ],
    ["fact.type", task.taskDefinitionKey],
    ["fact.tenant", task.tenantId],
    ["fact.delegation", task.delegationState && t(`delegation.${task.delegationState}`)],
    ["fact.suspended", task.suspended && t("suspended")],
  ];
  return (
    <dl className="facts">
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{t(name)}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function stateOf(state: Task["state"]): "created" | "started" {
  return state === "started" ? "started" : "created";
}
