// Works through tasks with Camunda 7's client for JavaScript, and prints how many requests it sent.
// The environment names the engine's URL (API), the user and password (BASIC, in base64), how many
// rounds to play (ROUNDS) and how the names of its tasks begin (PREFIX).
"use strict";

const { Client } = require("camunda-bpm-sdk-js");

const { API, BASIC, PREFIX } = process.env;
const headers = { Accept: "application/hal+json, application/json; q=0.5", Authorization: `Basic ${BASIC}` };
const task = new Client({ mock: false, apiUri: API, engine: false, headers }).resource("task");
const done = () => {};
let sent = 0;

/** Counts a request, and waits for it. */
const ask = (call) => { sent += 1; return call; };

async function round(number) {
  const name = `${PREFIX} ${number}`;
  const id = `${PREFIX}-${number}`;
  await ask(task.create({ id, name, priority: number % 7 }));
  await ask(task.list({ nameLike: `${PREFIX}%`, sortBy: "name", sortOrder: "desc", maxResults: 10 }));
  await ask(task.count({ nameLike: `${PREFIX}%` }));
  await ask(task.claim(id, "demo", done));
  await ask(task.get(id));
  await ask(task.createComment(id, "Who?"));
  await ask(task.comments(id));
  await ask(task.list({ assignee: "demo", nameLike: `${PREFIX}%`, sortBy: "priority", sortOrder: "asc" }));
  if (number % 3) await ask(task.complete({ id, variables: {} }));
  else await ask(task.unclaim(id, done));
}

(async () => {
  for (let number = 0; number < Number(process.env.ROUNDS); number += 1) await round(number);
  process.stdout.write(JSON.stringify({ sent }));
})();
