/** Short messages about what has just happened, some with a way back. */
import { t } from "../texts/texts";
import { store } from "./store";

interface Toast {
  id: number;
  text: string;
  /** Takes back what happened. */
  undo?: (() => void) | undefined;
  bad: boolean;
}

const SECONDS = 8;

const toasts = store<readonly Toast[]>([]);
let number = 0;

/** Tells what happened, for some seconds. */
export function tell(text: string, undo?: () => void): void {
  show({ text, undo, bad: false });
}

/** Tells what did not work, and what to do. */
export function complain(text: string): void {
  show({ text, bad: true });
}

/** Takes back the last thing that can be taken back; whether there was one. */
export function undoLast(): boolean {
  const last = toasts.get().findLast((toast) => toast.undo);
  if (!last?.undo) return false;
  dismiss(last.id);
  last.undo();
  return true;
}

function show(toast: Omit<Toast, "id">): void {
  const id = ++number;
  toasts.set((before) => [...before.slice(-2), { ...toast, id }]);
  setTimeout(() => dismiss(id), SECONDS * 1000);
}

function dismiss(id: number): void {
  toasts.set((before) => before.filter((toast) => toast.id !== id));
}

export function Toasts() {
  const shown = toasts.use();
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, undo, bad }) => (
        <div key={id} className={bad ? "toast bad" : "toast"}>
          <span>{text}</span>
          {undo && (
            <button
              type="button"
              onClick={() => {
                dismiss(id);
                undo();
              }}
            >
              {t("undo")}
            </button>
          )}
          <button type="button" className="quiet" onClick={() => dismiss(id)}>
            {t("dismiss")}
          </button>
        </div>
      ))}
    </div>
  );
}
