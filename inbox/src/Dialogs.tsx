/** The dialogs of the page; loaded when the first one opens. */
import { Help } from "./keyboard/Help";
import { Palette } from "./keyboard/Palette";
import type { Command } from "./keyboard/shortcuts";
import { NewFilter } from "./filters/NewFilter";
import type { ShownList } from "./lists/use_list";
import { QueryWindow } from "./search/QueryWindow";
import { SettingsWindow } from "./SettingsWindow";
import { AskWindow } from "./actions/AskWindow";
import { CreateWindow } from "./actions/CreateWindow";
import { dialog, type Open } from "./actions/state";

interface Props {
  open: Open;
  list: ShownList;
  commands: readonly Command[];
}

export default function Dialogs({ open, list, commands }: Props) {
  const close = () => dialog.set((now) => (now === open ? null : now));
  switch (open.kind) {
    case "palette":
      return <Palette commands={commands} onClose={close} />;
    case "help":
      return <Help commands={commands} onClose={close} />;
    case "settings":
      return <SettingsWindow onClose={close} />;
    case "create":
      return <CreateWindow onClose={close} />;
    case "filter":
      return <NewFilter list={list} onClose={close} />;
    case "query":
      return <QueryWindow list={list} onClose={close} />;
    case "ask":
      return <AskWindow question={open.question} ids={open.ids} onClose={close} />;
  }
}
