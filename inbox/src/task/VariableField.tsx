/** The control for one variable. */
import { useId } from "react";
import { t } from "../texts/texts";
import { control, reading } from "./variables";

interface Props {
  name: string;
  type: string;
  text: string;
  changed: boolean;
  /** Whether mistakes are shown of fields that are as they were, too. */
  strict: boolean;
  onChange: (text: string) => void;
}

export function VariableField({ name, type, text, changed, strict, onChange }: Props) {
  const id = useId();
  const read = reading(type, text);
  const mistake = (changed || strict) && "mistake" in read ? read.mistake : null;
  const shared = {
    id,
    "data-variable": name,
    value: text,
    "aria-invalid": mistake !== null,
    "aria-describedby": mistake ? `${id}-mistake` : undefined,
  };
  return (
    <div className={changed ? "field changed" : "field"}>
      <label htmlFor={id} dir="auto">
        <bdi>{name}</bdi> <small>{type}</small>
        {changed && <span className="mark"> {t("variable.changed")}</span>}
      </label>
      <Control kind={control(type)} shared={shared} onChange={onChange} />
      {mistake && (
        <p id={`${id}-mistake`} className="mistake" role="alert">
          {t(`mistake.${mistake}`)}
        </p>
      )}
    </div>
  );
}

interface ControlProps {
  kind: ReturnType<typeof control>;
  shared: { id: string; value: string };
  onChange: (text: string) => void;
}

function Control({ kind, shared, onChange }: ControlProps) {
  const changed = (event: { target: { value: string } }) => onChange(event.target.value);
  if (kind === "choice") {
    return (
      <select {...shared} onChange={changed}>
        <option value="">{t("unset")}</option>
        <option value="true">{t("yes")}</option>
        <option value="false">{t("no")}</option>
      </select>
    );
  }
  if (kind === "date") return <input type="datetime-local" {...shared} onChange={changed} />;
  if (kind === "whole" || kind === "number") {
    const mode = kind === "whole" ? "numeric" : "decimal";
    return <input type="text" inputMode={mode} {...shared} onChange={changed} />;
  }
  const long = kind === "json" || shared.value.length > 60 || shared.value.includes("\n");
  if (!long) return <input type="text" dir="auto" {...shared} onChange={changed} />;
  const rows = Math.min(12, shared.value.split("\n").length + 1);
  return (
    <textarea dir="auto" spellCheck={kind !== "json"} rows={rows} {...shared} onChange={changed} />
  );
}
