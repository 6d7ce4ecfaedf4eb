/** All keys, as a table. */
import { Dialog } from "../parts/Dialog";
import { t } from "../texts/texts";
import type { Command } from "./shortcuts";

export function Keys({ keys }: { keys: readonly string[] }) {
  return keys
    .slice(0, 1)
    .map((key) => <kbd key={key}>{key.replace("Ctrl+", t("key.control"))}</kbd>);
}

export function Help(props: { commands: readonly Command[]; onClose: () => void }) {
  const keyed = props.commands.filter(({ keys }) => keys.length > 0);
  return (
    <Dialog title={t("help")} onClose={props.onClose} kind="tall">
      <p>{t("help.text")}</p>
      <dl className="keys">
        {keyed.map(({ id, text, keys }) => (
          <div key={id}>
            <dt>
              <Keys keys={keys} />
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
