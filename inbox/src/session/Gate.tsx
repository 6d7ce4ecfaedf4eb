/** Lets in who is signed in, and leads everybody else to the sign-in. */
import { useCallback, useEffect, useRef, useState, type ComponentType } from "react";
import { ApiError, mayPass } from "../api/errors";
import { PACE } from "../api/pulse";
import { Dialog } from "../parts/Dialog";
import { complain } from "../parts/toasts";
import { t } from "../texts/texts";
import { explain } from "../texts/troubles";
import { Me } from "./me";
import {
  forgetStrangeTokens,
  onSignedOut,
  readyToSignIn,
  restored,
  signIn,
  type Person,
} from "./session";

type State =
  | { kind: "asking" }
  | { kind: "out" }
  | { kind: "in"; person: Person; App: ComponentType }
  | { kind: "failed"; error: unknown };

/** The page of somebody who is signed in: a stranger does not wait for it. */
export async function loadApp(): Promise<ComponentType> {
  try {
    return (await import("../App")).App;
  } catch (error) {
    throw new ApiError("offline", 0, String(error));
  }
}

async function found(person: Person | null): Promise<State> {
  return person ? { kind: "in", person, App: await loadApp() } : { kind: "out" };
}

/** After a failure a sign-in is offered when it is known to work. */
async function again(): Promise<Person | null> {
  const person = await restored();
  if (!person) await readyToSignIn();
  return person;
}

interface Props {
  /** Who is signed in: found out while the page is being drawn. */
  begun: Promise<Person | null>;
  /** What is shown to somebody who is known already. */
  first: { person: Person; App: ComponentType } | null;
}

export function Gate({ begun, first }: Props) {
  const asked = useRef<Promise<Person | null> | null>(begun);
  const [state, setState] = useState<State>(first ? { kind: "in", ...first } : { kind: "asking" });
  const [over, setOver] = useState(false);
  const begin = useCallback(() => {
    if (first) return;
    setState({ kind: "asking" });
    // Once only: the code of a sign-in is good for one use.
    asked.current ??= again();
    asked.current.then(found).then(setState, (error: unknown) => {
      asked.current = null;
      setState({ kind: "failed", error });
    });
  }, [first]);
  useEffect(begin, [begin]);
  const passing = state.kind === "failed" && mayPass(state.error);
  useEffect(() => {
    if (!passing) return;
    const timer = setTimeout(begin, PACE);
    return () => clearTimeout(timer);
  }, [passing, begin]);
  const isOut = state.kind === "out";
  useEffect(() => {
    // The button then works at once, and a page where a sign-in is impossible says so before it.
    if (!isOut) return;
    readyToSignIn().catch((error: unknown) => {
      asked.current = null;
      setState({ kind: "failed", error });
    });
  }, [isOut]);
  useEffect(() => onSignedOut(() => setOver(true)), []);
  const isIn = state.kind === "in";
  // After what the person waits for has been asked.
  useEffect(() => void (isIn && forgetStrangeTokens()), [isIn]);

  if (state.kind === "in") {
    const { App } = state;
    return (
      <Me value={state.person}>
        <App />
        {over && (
          <Dialog title={t("signedOut.title")} onClose={() => setOver(false)}>
            <p>{t("signedOut.text")}</p>
            <button
              type="button"
              className="primary"
              onClick={() => signIn().catch((error: unknown) => complain(explain(error)))}
            >
              {t("signIn")}
            </button>
          </Dialog>
        )}
      </Me>
    );
  }
  return (
    <main className="gate">
      <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width="64" height="64" />
      <h1>{t("app.name")}</h1>
      {state.kind === "asking" && <p className="hint">{t("loading")}</p>}
      {state.kind === "out" && (
        <>
          <p>{t("signIn.text")}</p>
          <button
            type="button"
            className="primary"
            autoFocus
            onClick={() => signIn().catch((error: unknown) => setState({ kind: "failed", error }))}
          >
            {t("signIn")}
          </button>
        </>
      )}
      {state.kind === "failed" && (
        <div role="alert">
          <p>{explain(state.error)}</p>
          <button type="button" onClick={begin}>
            {t("again")}
          </button>
        </div>
      )}
    </main>
  );
}
