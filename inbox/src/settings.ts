/** What a person has chosen on this machine. */
import { store } from "./parts/store";

export interface Settings {
  theme: "system" | "light" | "dark";
  density: "comfortable" | "dense";
  /** Whether letters alone are shortcuts. */
  shortcuts: boolean;
  /** Whether the next task opens when one is done. */
  next: boolean;
}

const KEPT = "inbox.settings";

const USUAL: Settings = { theme: "system", density: "comfortable", shortcuts: true, next: false };

export const settings = store<Settings>(restored(), (chosen) => {
  localStorage.setItem(KEPT, JSON.stringify(chosen));
  apply();
});

function restored(): Settings {
  try {
    return { ...USUAL, ...(JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Settings>) };
  } catch {
    return USUAL;
  }
}

/** Shows the page as it was chosen. */
export function apply(): void {
  const { theme, density } = settings.get();
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.density = density;
}

/** Changes some of the settings. */
export function choose(change: Partial<Settings>): void {
  settings.set((before) => ({ ...before, ...change }));
}
