// Plays one scene with Camunda 7's client for JavaScript and prints what it was given, as JSON.
// The environment names the engine's URL (API), whether to name the engine in it (ENGINE), the
// tokens (TOKENS: user -> token) and the id that a task of the scene may have (TASK).
"use strict";

const { Client } = require("camunda-bpm-sdk-js");

const { API, ENGINE, TASK } = process.env;
const TOKENS = JSON.parse(process.env.TOKENS);

/** The client as one user. The client keeps one at a time: whoever came last makes all calls. */
function as(user) {
  return new Client({
    mock: false,
    apiUri: API,
    engine: ENGINE || false,
    headers: {
      Accept: "application/hal+json, application/json; q=0.5", // its default, gone with any header
      Authorization: `Bearer ${TOKENS[user]}`,
    },
  });
}

const tasksOf = (user) => as(user).resource("task");

/** A callback that every call with two arguments needs: the client takes the last for it. */
const done = () => {};

/** What a call that must fail failed with. */
const refusal = (call) =>
  call.then(
    () => { throw new Error("was not refused"); },
    ({ status, message }) => ({ status, message }),
  );

/** Waits until lists show what was written; at once unless the tests delay the indexes. */
const settle = () => new Promise((go) => setTimeout(go, 1000 * Number(process.env.SETTLE)));

const scenes = {
  async list() {
    const task = tasksOf("demo");
    const names = ["first", "second", "third"];
    for (const name of names) {
      await task.create({ id: `${TASK}-${name}`, name: `${TASK} ${name}`, assignee: "mary" });
    }
    await settle();
    const query = { nameLike: `${TASK}%`, sortBy: "name", sortOrder: "desc" };
    return {
      page: await task.list({ ...query, firstResult: 0, maxResults: 2 }),
      count: await task.count(query),
      none: await task.list({ name: `${TASK} fourth` }),
      one: await task.get(`${TASK}-first`),
    };
  },

  async life() {
    let task = tasksOf("demo");
    await task.create({ id: TASK, name: "Answer the letter" });
    await task.claim(TASK, "demo", done);
    task = tasksOf("mary");
    const taken = await refusal(task.claim(TASK, "mary", done));
    task = tasksOf("demo");
    await task.unclaim(TASK);
    await task.assignee(TASK, "demo", done);
    await task.update({ id: TASK, name: "Answer it", assignee: "demo", priority: 60 });
    await task.delegate(TASK, "mary", done);
    const delegated = await task.get(TASK);
    await task.submitForm({ id: TASK, variables: { answer: { value: "yes", type: "String" } } });
    const resolved = await task.get(TASK);
    await task.complete({ id: TASK, variables: { answer: { value: "sent", type: "String" } } });
    return { taken, delegated, resolved, gone: await refusal(task.get(TASK)) };
  },

  async variables() {
    const task = tasksOf("demo");
    await task.create({ id: TASK, name: "Weigh it" });
    await task.localVariable({ id: TASK, varId: "weight", value: 12, type: "Integer" });
    await task.localVariable({ id: TASK, varId: "customer", value: "ACME", type: "String" });
    await task.modifyVariables({
      id: TASK,
      modifications: { paid: { value: true, type: "Boolean" } },
      deletions: ["customer"],
    });
    const kept = await task.localVariables(TASK);
    await task.deleteVariable({ id: TASK, varId: "weight" });
    return {
      kept,
      left: await task.formVariables({ id: TASK, names: ["weight", "paid"] }),
      form: await task.form(TASK),
    };
  },

  async comments() {
    let task = tasksOf("demo");
    await task.create({ id: TASK, name: "Discussed" });
    const written = await task.createComment(TASK, "Who?");
    task = tasksOf("mary");
    await task.createComment(TASK, "Me.");
    return { written, comments: await task.comments(TASK) };
  },

  async people() {
    const client = as("demo");
    const task = client.resource("task");
    await task.create({ id: TASK, name: "For sales", owner: "demo" });
    await task.identityLinksAdd(TASK, { groupId: "sales", type: "candidate" }, done);
    const links = await task.identityLinks(TASK);
    const counts = await client.resource("task-report").countByCandidateGroup();
    await task.identityLinksDelete(TASK, { groupId: "sales", type: "candidate" }, done);
    return {
      links,
      counts,
      left: await task.identityLinks(TASK),
      profile: await client.resource("user").profile({ id: "mary" }, done),
      groups: await client.resource("group").list({ member: "mary" }, done),
    };
  },
};

scenes[process.argv[2]]().then(
  (seen) => process.stdout.write(JSON.stringify(seen)),
  (problem) => {
    process.stderr.write(`${problem.stack}\n`);
    process.exitCode = 1;
  },
);
