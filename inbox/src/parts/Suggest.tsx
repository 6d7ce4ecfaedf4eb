/** A field with a list of suggestions, by the ARIA pattern of a combobox. */
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

export interface Suggestion {
  key: string;
  shown: ReactNode;
}

interface Props<S extends Suggestion> {
  label: string;
  value: string;
  onChange: (value: string, caret: number) => void;
  suggestions: readonly S[];
  onPick: (suggestion: S) => void;
  /** Enter without a suggestion being chosen. */
  onEnter?: () => void;
  /** Whether the first suggestion is chosen from the start. */
  eager?: boolean;
  placeholder?: string;
  name?: string;
  /** Whether the suggestions are part of the page and always open. */
  inline?: boolean;
  /** Where the caret is to be after a suggestion was taken. */
  caret?: number | null;
}

export function Suggest<S extends Suggestion>(props: Props<S>) {
  const { label, value, suggestions, onPick, onEnter, eager = false, inline = false } = props;
  const [open, setOpen] = useState(inline);
  const [chosen, setChosen] = useState(eager ? 0 : -1);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const shown = open && suggestions.length > 0;

  useEffect(() => setChosen(eager ? 0 : -1), [value, eager]);
  useEffect(() => {
    if (props.caret != null) field.current?.setSelectionRange(props.caret, props.caret);
  }, [props.caret, value]);
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: "nearest" });
  }, [chosen, id]);

  const step = (by: number) => {
    setOpen(true);
    const last = suggestions.length - 1;
    setChosen((before) => (before + by < (eager ? 0 : -1) ? last : Math.min(before + by, last)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const suggestion = shown ? suggestions[chosen] : undefined;
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if ((event.key === "Enter" || (event.key === "Tab" && !inline)) && suggestion) {
      onPick(suggestion);
    } else if (event.key === "Enter") {
      setOpen(inline);
      onEnter?.();
    } else if (event.key === "Escape" && shown && !inline) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="suggest">
      <input
        ref={field}
        type="text"
        role="combobox"
        name={props.name}
        aria-label={label}
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown && chosen >= 0 ? `${id}-${chosen}` : undefined}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder={props.placeholder}
        value={value}
        onChange={(event) => {
          setOpen(true);
          props.onChange(event.target.value, event.target.selectionStart ?? 0);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(inline)}
        onKeyDown={onKeyDown}
      />
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        hidden={!shown}
        className={inline ? "suggestions inline" : "suggestions"}
      >
        {suggestions.map((suggestion, index) => (
          <li
            key={suggestion.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(suggestion)}
          >
            {suggestion.shown}
          </li>
        ))}
      </ul>
    </div>
  );
}
