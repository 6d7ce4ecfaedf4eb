/** Lets in who is signed in, and leads everybody else to the sign-in. */
import { useCallback, useEffect, useState } from "react";
import { mayPass } from "../api/errors";
import { PACE } from "../api/pulse";
import { App } from "../App";
import { Dialog } from "../parts/Dialog";
import { t } from "../texts/texts";
import { explain } from "../texts/troubles";
import { Me } from "./me";
import { onSignedOut, restored, signIn, type Person } from "./session";

type State =
  | { kind: "asking" }
  | { kind: "out" }
  | { kind: "in"; person: Person }
  | { kind: "failed"; error: unknown };

let asked: Promise<Person | null> | undefined;

export function Gate() {
  const [state, setState] = useState<State>({ kind: "asking" });
  const [over, setOver] = useState(false);
  const begin = useCallback(() => {
    setState({ kind: "asking" });
    // Once only: the code of a sign-in is good for one use.
    asked ??= restored();
    asked.then(
      (person) => setState(person ? { kind: "in", person } : { kind: "out" }),
      (error: unknown) => {
        asked = undefined;
        setState({ kind: "failed", error });
      },
    );
  }, []);
  useEffect(begin, [begin]);
  const passing = state.kind === "failed" && mayPass(state.error);
  useEffect(() => {
    if (!passing) return;
    const timer = setTimeout(begin, PACE);
    return () => clearTimeout(timer);
  }, [passing, begin]);
  useEffect(() => onSignedOut(() => setOver(true)), []);

  if (state.kind === "in") {
    return (
      <Me value={state.person}>
        <App />
        {over && (
          <Dialog title={t("signedOut.title")} onClose={() => setOver(false)}>
            <p>{t("signedOut.text")}</p>
            <button type="button" className="primary" onClick={() => void signIn()}>
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
          <button type="button" className="primary" autoFocus onClick={() => void signIn()}>
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
