/** The top of the page: name, search, a new task, settings. */
import { memo } from "react";
import { Icon } from "./parts/Icon";
import { SearchBar } from "./search/SearchBar";
import { useMe } from "./session/me";
import { usePersonName } from "./parts/people";
import { t } from "./texts/texts";
import { dialog } from "./actions/state";

interface Props {
  words: string;
  menuOpen: boolean;
  onMenu: () => void;
}

/** Drawn again only when something of it changes, and not whenever the list below it does. */
export const Header = memo(function Header({ words, menuOpen, onMenu }: Props) {
  const me = useMe();
  const name = usePersonName(me.id);
  return (
    <header className="top">
      <button
        type="button"
        className="quiet menu"
        aria-label={t("lists")}
        aria-expanded={menuOpen}
        onClick={onMenu}
      >
        <Icon name="menu" />
      </button>
      <span className="brand">
        <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width="28" height="28" />
        <span>{t("app.name")}</span>
      </span>
      <SearchBar words={words} />
      {me.mayWrite && (
        <button type="button" className="new" onClick={() => dialog.set({ kind: "create" })}>
          <Icon name="plus" />
          <span>{t("create")}</span>
        </button>
      )}
      <button
        type="button"
        className="quiet help"
        aria-label={t("help")}
        onClick={() => dialog.set({ kind: "help" })}
      >
        <Icon name="help" />
      </button>
      <button
        type="button"
        className="quiet me"
        aria-label={t("settings.of", { name })}
        onClick={() => dialog.set({ kind: "settings" })}
      >
        <Icon name="gear" />
        <span dir="auto">{name}</span>
      </button>
    </header>
  );
});
