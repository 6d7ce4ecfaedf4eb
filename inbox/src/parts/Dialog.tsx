/**
 * A dialog above the page: the browser keeps the focus in it and closes it with Escape. One types
 * into its first field at once. Messages are in it, too: what is behind it can be neither pressed
 * nor heard.
 */
import { useEffect, useId, useLayoutEffect, useRef, type ReactNode } from "react";
import { t } from "../texts/texts";
import { Icon } from "./Icon";
import { Toasts } from "./toasts";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** A class for its size and place. */
  kind?: string;
}

const FIELDS = ".dialog-content :is(input, select, textarea)";

export function Dialog({ title, onClose, children, kind = "" }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const before = useRef<Element | null>(null);
  // Together with what is drawn: a key that is pressed at once is the dialog's.
  useLayoutEffect(() => {
    before.current = document.activeElement;
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    // The browser would begin with the button that closes the dialog.
    dialog?.querySelector<HTMLElement>(FIELDS)?.focus();
  }, []);
  // When the dialog has gone: as long as it is there, nothing else takes the focus.
  useEffect(
    () => () => {
      const place = before.current;
      const back = place instanceof HTMLElement && place.isConnected ? place : null;
      (back ?? document.querySelector<HTMLElement>(".rows"))?.focus();
    },
    [],
  );
  return (
    <dialog
      ref={element}
      className={`dialog ${kind}`}
      aria-labelledby={heading}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === element.current) element.current.close();
      }}
    >
      <div className="dialog-content">
        <header className="dialog-head">
          <h2 id={heading}>{title}</h2>
          <button
            type="button"
            className="quiet"
            aria-label={t("close")}
            onClick={() => element.current?.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
      <Toasts />
    </dialog>
  );
}
