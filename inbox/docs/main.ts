/** The API to read and to try: its description in a viewer, asked as the signed-in person. */
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";
import description from "../../docs/openapi.json?url";
import "./docs.css";
import { keepNamed } from "./names";
import { Session } from "./session";

/** What is in front of `/inbox/docs/`: there the API is, below its context path if it has one. */
const prefix = location.pathname.slice(0, location.pathname.lastIndexOf("/inbox/docs/"));
const session = new Session(prefix);

keepNamed(element("viewer"));
void show();
void showSession();

async function show(): Promise<void> {
  const answer = await fetch(description);
  const spec = (await answer.json()) as Record<string, unknown>;
  SwaggerUI({
    domNode: element("viewer"),
    spec: { ...spec, servers: [{ url: location.origin + prefix }] },
    // Links to calls would be within the buttons that open them.
    deepLinking: false,
    displayRequestDuration: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    filter: true,
    requestInterceptor: authorized,
    tryItOutEnabled: true,
  });
}

/** The request as the person who is signed in, unless a token was pasted into the viewer. */
async function authorized(request: { headers: Record<string, string> }): Promise<typeof request> {
  const token = request.headers["Authorization"] ? undefined : await session.token();
  if (token) request.headers["Authorization"] = `Bearer ${token}`;
  return request;
}

async function showSession(): Promise<void> {
  const button = element("session") as HTMLButtonElement;
  try {
    const name = await session.restored();
    element("who").textContent = name ? `Signed in as ${name}` : "Not signed in";
    button.textContent = name ? "Sign out" : "Sign in";
    button.onclick = () => void (name ? session.signOut() : session.signIn());
    button.hidden = false;
  } catch (error) {
    element("who").textContent = String(error instanceof Error ? error.message : error);
  }
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found;
}
