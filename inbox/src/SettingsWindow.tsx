/** What a person can choose for themselves, and the way out. */
import { Dialog } from "./parts/Dialog";
import { useMe } from "./session/me";
import { signOut } from "./session/session";
import { choose, settings, type Settings } from "./settings";
import { language, LANGUAGES, speak, t, type Language } from "./texts/texts";

export function SettingsWindow({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const chosen = settings.use();
  return (
    <Dialog title={t("settings")} onClose={onClose}>
      <div className="fields">
        <p>
          {t("settings.person", { person: me.id })} <small>{me.groups.join(", ")}</small>
        </p>
        <label>
          {t("settings.language")}
          <select value={language} onChange={(event) => speak(event.target.value as Language)}>
            {Object.entries(LANGUAGES).map(([key, name]) => (
              <option key={key} value={key} lang={key}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("settings.theme")}
          <select
            name="theme"
            value={chosen.theme}
            onChange={(event) => choose({ theme: event.target.value as Settings["theme"] })}
          >
            <option value="system">{t("theme.system")}</option>
            <option value="light">{t("theme.light")}</option>
            <option value="dark">{t("theme.dark")}</option>
          </select>
        </label>
        <label className="choice">
          <input
            type="checkbox"
            checked={chosen.density === "dense"}
            onChange={(event) =>
              choose({ density: event.target.checked ? "dense" : "comfortable" })
            }
          />
          {t("density")}
        </label>
        <label className="choice">
          <input
            type="checkbox"
            name="shortcuts"
            checked={chosen.shortcuts}
            onChange={(event) => choose({ shortcuts: event.target.checked })}
          />
          {t("settings.shortcuts")}
        </label>
        <label className="choice">
          <input
            type="checkbox"
            checked={chosen.next}
            onChange={(event) => choose({ next: event.target.checked })}
          />
          {t("settings.next")}
        </label>
        <div className="buttons">
          <button type="button" data-action="sign-out" onClick={() => void signOut()}>
            {t("signOut")}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
