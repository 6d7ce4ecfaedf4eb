/** Starts the page: the language, the sign-in, then the tasks. */
import "./styles/page.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError } from "./api/errors";
import { forgetOldDrafts } from "./drafts";
import { lookAhead } from "./lists/ahead";
import { Boundary } from "./parts/Boundary";
import { guardAgainstDrops } from "./parts/dropping";
import { Gate, loadApp } from "./session/Gate";
import { isComingBack, keptPerson, restored } from "./session/session";
import { apply } from "./settings";
import { chooseLanguage } from "./texts/texts";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // The API's own answers are final; the client has tried again where that helps.
      retry: (failures, error) => !(error instanceof ApiError) && failures < 1,
      networkMode: "always",
    },
  },
});

apply();
forgetOldDrafts();
guardAgainstDrops();
// The service is asked while the page is being drawn.
const begun = restored();
begun.then(
  (person) => person && lookAhead(client, person),
  () => {
    // The gate says what is wrong.
  },
);
const person = keptPerson();
// Who comes from the sign-in needs the lists next; where they cannot be loaded, the gate says so.
if (isComingBack()) loadApp().catch(() => {});
const [App] = await Promise.all([person && loadApp().catch(() => null), chooseLanguage()]);

createRoot(document.getElementById("page")!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Boundary>
        <Gate begun={begun} first={person && App && { person, App }} />
      </Boundary>
    </QueryClientProvider>
  </StrictMode>,
);
