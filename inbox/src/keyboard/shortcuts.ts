/** Keys that stand for commands, alone or one after another such as `g m`. */
import { useLayoutEffect, useRef } from "react";
import { settings } from "../settings";
import { dialog } from "../actions/state";

export interface Command {
  id: string;
  /** How it is called where commands are listed. */
  text: string;
  /** `c`, `g m`, `Ctrl+k`. */
  keys: readonly string[];
  run: () => void;
  /** Whether it can be done now. */
  when?: boolean;
  /** The fields in which its keys count too; without this, those with Ctrl count in all. */
  fields?: string;
}

const SEQUENCE_MILLISECONDS = 1_200;

/** What a key press is called in `keys`. */
function pressed(event: KeyboardEvent): string {
  const control = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  return control + (event.key.length === 1 && control ? event.key.toLowerCase() : event.key);
}

function isTyping(target: EventTarget | null): target is HTMLElement {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function isPressed(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(BUTTON|A|SUMMARY)$/.test(target.tagName);
}

/** Whether a field leaves a command its keys. */
function isLeftTo({ fields }: Command, field: Element): boolean {
  return fields === undefined || field.closest(fields) !== null;
}

/** Runs commands by their keys; letters alone count neither in fields nor when switched off. */
export function useShortcuts(commands: readonly Command[]): void {
  const known = useRef(commands);
  known.current = commands;
  const before = useRef({ key: "", at: 0 });
  // No key is lost between the moment when the page is drawn and this one.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.altKey) return;
      const key = pressed(event);
      const plain = !key.startsWith("Ctrl+");
      if (dialog.get() || document.querySelector("dialog[open]")) return;
      // A button that has the focus keeps the keys that press it.
      if ((key === "Enter" || key === " ") && isPressed(event.target)) return;
      const isOff = key.length === 1 && !settings.get().shortcuts;
      if (plain && (isTyping(event.target) || isOff)) return;
      const { key: first, at } = before.current;
      const sequence = event.timeStamp - at < SEQUENCE_MILLISECONDS ? `${first} ${key}` : key;
      before.current = { key, at: event.timeStamp };
      const field = isTyping(event.target) ? event.target : null;
      const able = known.current.filter(
        (command) => command.when !== false && (!field || isLeftTo(command, field)),
      );
      const command =
        able.find(({ keys }) => keys.includes(sequence)) ??
        able.find(({ keys }) => keys.includes(key));
      if (!command) return;
      event.preventDefault();
      before.current = { key: "", at: 0 };
      command.run();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
}
