/** Starts the page: the language, the sign-in, then the tasks. */
import "./styles/page.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError } from "./api/errors";
import { forgetOldDrafts } from "./drafts";
import { Boundary } from "./parts/Boundary";
import { guardAgainstDrops } from "./parts/dropping";
import { Gate } from "./session/Gate";
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
await chooseLanguage();
createRoot(document.getElementById("page")!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Boundary>
        <Gate />
      </Boundary>
    </QueryClientProvider>
  </StrictMode>,
);
