/** Every command by a part of its name. */
import { useState } from "react";
import { Dialog } from "../parts/Dialog";
import { Suggest, type Suggestion } from "../parts/Suggest";
import { counted, t } from "../texts/texts";
import { selection } from "../actions/state";
import { Keys } from "./Help";
import type { Command } from "./shortcuts";

interface Choice extends Suggestion {
  command: Command;
}

export function Palette(props: { commands: readonly Command[]; onClose: () => void }) {
  const [text, setText] = useState("");
  const selected = selection.use().size;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const choices = props.commands
    .filter(({ when, id }) => when !== false && id !== "palette")
    .filter((command) => words.every((word) => command.text.toLowerCase().includes(word)))
    .map((command): Choice => ({
      key: command.id,
      command,
      shown: (
        <>
          <span>{command.text}</span> <Keys keys={command.keys} />
        </>
      ),
    }));
  return (
    <Dialog title={t("palette")} onClose={props.onClose} kind="tall">
      {selected > 0 && <p className="hint">{counted("selected", selected)}</p>}
      <Suggest
        label={t("palette.hint")}
        placeholder={t("palette.hint")}
        value={text}
        onChange={setText}
        suggestions={choices}
        eager
        inline
        onPick={({ command }) => {
          props.onClose();
          // The dialog gives the focus back first; then the command may move it.
          setTimeout(command.run);
        }}
      />
    </Dialog>
  );
}
