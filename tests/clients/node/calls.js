// Makes every call of @visaright/camunda-rest-client that is about tasks, people and what is around
// a task, and prints as JSON which worked: {"calls": [{api, call, outcome}], "apis": {api: [call]}}.
// An outcome is "works" where the answer is the one that is checked here, a refusal's status, or
// what is wrong. The environment names the API's address (API), a token (TOKEN) and a task of a
// process instance that exists (TASK), the instance (INSTANCE) and its definition (DEFINITION).
"use strict";

const client = require("@visaright/camunda-rest-client");
const axios = require("axios");
const FormData = require("form-data"); // the client leaves it to the program to bring one

const { API, TOKEN, TASK, INSTANCE, DEFINITION } = process.env;
const NEW = `${TASK}-new`;
const MADE = `${TASK}-made`;
const SECONDS = 10;

const http = axios.create({
  timeout: 1000 * SECONDS,
  headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" },
});
const configuration = new client.Configuration({ basePath: API, formDataCtor: FormData });
http.interceptors.request.use((request) => {
  // From Node, axios sends a form without its boundary: a program adds it.
  if (request.data instanceof FormData) Object.assign(request.headers, request.data.getHeaders());
  return request;
});
let status; // of the last refusal: the client's errors say only what the body said
http.interceptors.response.use(undefined, (reason) => {
  status = reason.response && reason.response.status;
  throw reason;
});
const apis = Object.fromEntries(
  Object.keys(client)
    .filter((name) => /Api$/.test(name))
    .map((name) => [name, new client[name](configuration, API, http)]),
);

const kept = {};
const text = (value) => ({ value, type: "String" });
const empty = (data) => !data;
const one = (data) => data.length === 1;
const task = (more) => () => ({ id: NEW, ...more });

/** What is called, with what, and what its answer must be; in this order. */
const STEPS = [
  ["EngineApi", "getProcessEngineNames", () => undefined, ([engine]) => engine.name === "default"],
  ["VersionApi", "getRestAPIVersion", () => undefined, (data) => /^7\./.test(data.version)],

  ["TaskApi", "createTask", () => ({ taskDto: { id: NEW, name: "Answer the letter" } }), empty],
  ["TaskApi", "getTask", task(), (data) => data.name === "Answer the letter"],
  ["TaskApi", "getTasks", () => ({ nameLike: "Answer%", sortBy: "created", sortOrder: "desc" }),
    (data) => data.some((each) => each.id === NEW)],
  ["TaskApi", "getTasksCount", () => ({ taskIdIn: `${NEW},${TASK}` }), (data) => data.count === 2],
  ["TaskApi", "queryTasks", () => ({
    firstResult: 0,
    maxResults: 5,
    taskQueryDto: { taskIdIn: [NEW, TASK], sorting: [{ sortBy: "name", sortOrder: "asc" }] },
  }), (data) => data.map((each) => each.id).join() === `${NEW},${TASK}`],
  ["TaskApi", "queryTasksCount", () => ({ taskQueryDto: { processInstanceId: INSTANCE } }),
    (data) => data.count === 3],
  ["TaskApi", "claim", task({ userIdDto: { userId: "demo" } }), empty],
  ["TaskApi", "unclaim", task(), empty],
  ["TaskApi", "setAssignee", task({ userIdDto: { userId: "demo" } }), empty],
  ["TaskApi", "delegateTask", task({ userIdDto: { userId: "mary" } }), empty],
  ["TaskApi", "resolve", task({ completeTaskDto: { variables: { answer: text("yes") } } }), empty],
  ["TaskApi", "updateTask", task({ taskDto: { name: "Answer it", priority: 60 } }), empty],
  ["TaskApi", "getForm", () => ({ id: TASK }), (data) => data.key === "embedded:app:forms/a.html"],
  ["TaskApi", "getFormVariables", () => ({ id: TASK, variableNames: "amount" }),
    (data) => data.amount.value === 30],
  ["TaskApi", "getRenderedForm", task()],
  ["TaskApi", "getDeployedForm", task()],
  ["TaskApi", "handleEscalation", task({ taskEscalationDto: { escalationCode: "late" } })],

  ["TaskIdentityLinkApi", "addIdentityLink",
    task({ identityLinkDto: { groupId: "sales", type: "candidate" } }), empty],
  ["TaskIdentityLinkApi", "getIdentityLinks", task({ type: "candidate" }),
    ([link]) => link.groupId === "sales"],
  ["TaskIdentityLinkApi", "deleteIdentityLink",
    task({ identityLinkDto: { groupId: "sales", type: "candidate" } }), empty],

  ["TaskCommentApi", "createComment", task({ commentDto: { message: "Who?" } }), (data) => {
    kept.comment = data.id;
    return data.message === "Who?";
  }],
  ["TaskCommentApi", "getComments", task(), ([comment]) => comment.message === "Who?"],
  ["TaskCommentApi", "getComment", () => ({ id: NEW, commentId: kept.comment }),
    (data) => data.userId === "demo"],

  ["TaskAttachmentApi", "addAttachment",
    task({ attachmentName: "letter", content: Buffer.from("Dear Sir") }),
    (data) => data.name === "letter"],
  ["TaskAttachmentApi", "getAttachments", task(), (data) => {
    kept.attachment = data[0] && data[0].id;
    return one(data);
  }],
  ["TaskAttachmentApi", "getAttachment", () => ({ id: NEW, attachmentId: kept.attachment }),
    (data) => data.id === kept.attachment],
  ["TaskAttachmentApi", "getAttachmentData", () => ({ id: NEW, attachmentId: kept.attachment }),
    (data) => data === "Dear Sir"],
  ["TaskAttachmentApi", "deleteAttachment", () => ({ id: NEW, attachmentId: kept.attachment }),
    empty],

  ...variables("TaskVariable"),
  ...variables("TaskLocalVariable"),

  ["ProcessInstanceApi", "getProcessInstance", () => ({ id: INSTANCE }),
    (data) => data.definitionId === DEFINITION],
  ["ProcessInstanceApi", "getProcessInstanceVariables", () => ({ id: INSTANCE }),
    (data) => data.amount.value === 30],
  ["ProcessInstanceApi", "getProcessInstanceVariable",
    () => ({ id: INSTANCE, varName: "amount" }), (data) => data.type === "Integer"],
  ["ProcessInstanceApi", "setProcessInstanceVariable",
    () => ({ id: INSTANCE, varName: "paid", variableValueDto: { value: true, type: "Boolean" } }),
    empty],
  ["ProcessInstanceApi", "modifyProcessInstanceVariables",
    () => ({ id: INSTANCE, patchVariablesDto: { deletions: ["paid"] } }), empty],
  ["ProcessInstanceApi", "getProcessInstances", () => undefined],
  ["ProcessInstanceApi", "getProcessInstancesCount", () => undefined],
  ["ProcessDefinitionApi", "getProcessDefinition", () => ({ id: DEFINITION }),
    (data) => data.key === TASK],
  ["ProcessDefinitionApi", "getProcessDefinitionByKey", () => ({ key: TASK }),
    (data) => data.id === DEFINITION],
  ["ProcessDefinitionApi", "getProcessDefinitions", () => ({ key: TASK }),
    (data) => data[0].id === DEFINITION],
  ["ProcessDefinitionApi", "getProcessDefinitionsCount", () => ({ key: TASK }),
    (data) => data.count === 1],
  ["ProcessDefinitionApi", "startProcessInstanceByKey",
    () => ({ key: TASK, startProcessInstanceDto: {} })],
  ["VariableInstanceApi", "queryVariableInstances",
    () => ({ variableInstanceQueryDto: { processInstanceIdIn: [INSTANCE] } }),
    (data) => {
      kept.variable = data[0].id;
      return data[0].name === "amount";
    }],
  ["VariableInstanceApi", "queryVariableInstancesCount",
    () => ({ variableInstanceQueryDto: { processInstanceIdIn: [INSTANCE] } }),
    (data) => data.count === 1],
  ["VariableInstanceApi", "getVariableInstances", () => ({ processInstanceIdIn: INSTANCE }), one],
  ["VariableInstanceApi", "getVariableInstancesCount", () => ({ processInstanceIdIn: INSTANCE }),
    (data) => data.count === 1],
  ["VariableInstanceApi", "getVariableInstance", () => ({ id: kept.variable })],

  ["UserApi", "getUsers", () => ({ memberOfGroup: "sales" }), (data) => data.length > 0],
  ["UserApi", "getUserCount", () => ({ id: "mary" }), (data) => data.count === 1],
  ["UserApi", "getUserProfile", () => ({ id: "mary" }), (data) => data.id === "mary"],
  ["UserApi", "createUser", () => ({ userDto: { profile: { id: "new" } } })],
  ["UserApi", "deleteUser", () => ({ id: "mary" })],
  ["GroupApi", "getQueryGroups", () => ({ id: "sales" }), one],
  ["GroupApi", "getGroupCount", () => ({ id: "sales" }), (data) => data.count === 1],
  ["GroupApi", "postQueryGroups", () => ({ groupQueryDto: { id: "sales" } }), one],
  ["GroupApi", "queryGroupCount", () => ({ groupQueryDto: { id: "sales" } }),
    (data) => data.count === 1],
  ["GroupApi", "getGroup", () => ({ id: "sales" }), (data) => data.name === "sales"],
  ["GroupApi", "createGroup", () => ({ groupDto: { id: "new" } })],
  ["IdentityApi", "getGroupInfo", () => ({ userId: "demo" }),
    (data) => data.groups.some((group) => group.id === "sales")],
  ["IdentityApi", "verifyUser",
    () => ({ basicUserCredentialsDto: { username: "demo", password: "demo" } })],
  ["IdentityApi", "getPasswordPolicy", () => undefined],
  ["TenantApi", "queryTenants", () => undefined, (data) => Array.isArray(data)],
  ["TenantApi", "getTenantCount", () => undefined, (data) => Number.isInteger(data.count)],

  ["TaskApi", "submit",
    () => ({ id: TASK, completeTaskDto: { variables: { paid: { value: true } } } })],
  ["TaskApi", "complete", task({ completeTaskDto: { variables: { answer: text("sent") } } })],
  ["TaskApi", "createTask", () => ({ taskDto: { id: MADE, name: "Weigh it" } }), empty],
  ["TaskApi", "handleBpmnError", () => ({ id: MADE, taskBpmnErrorDto: { errorCode: "heavy" } })],
  ["TaskApi", "createTask", () => ({ taskDto: { id: `${MADE}-2` } }), empty],
  ["TaskApi", "deleteTask", () => ({ id: `${MADE}-2` })],
];

/** The calls of one kind of variables, which differ in nothing but their names. */
function variables(kind) {
  const api = `${kind}Api`;
  const at = { id: NEW, varName: "weight" };
  const file = { id: NEW, varName: "scan" };
  return [
    [api, `put${kind}`, () => ({ ...at, variableValueDto: { value: 12, type: "Integer" } }), empty],
    [api, `get${kind}`, () => at, (data) => data.value === 12],
    [api, `modify${kind}s`, task({ patchVariablesDto: { modifications: { who: text("ACME") } } }),
      empty],
    [api, `get${kind}s`, task(), (data) => data.who.value === "ACME" && data.weight.value === 12],
    [api, `delete${kind}`, () => at, empty],
    [api, `setBinary${kind}`, () => ({ ...file, data: Buffer.from("scan"), valueType: "Bytes" }),
      empty],
    [api, `get${kind}Binary`, () => file, (data) => data === "scan"],
  ];
}

/** What came of one call. */
async function outcome([api, call, request, right]) {
  status = undefined;
  try {
    const { data } = await apis[api][call](request());
    if (right === undefined || right(data)) return "works";
    return `wrong: ${JSON.stringify(data)}`;
  } catch (reason) {
    return status === undefined ? `the client: ${reason.message}` : String(status);
  }
}

async function main() {
  const calls = [];
  for (const step of STEPS) calls.push({ api: step[0], call: step[1], outcome: await outcome(step) });
  const named = (api) => Object.getOwnPropertyNames(Object.getPrototypeOf(api)).slice(1);
  const all = Object.fromEntries(Object.entries(apis).map(([name, api]) => [name, named(api)]));
  console.log(JSON.stringify({ calls, apis: all }));
}

main();
