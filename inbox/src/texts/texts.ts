/** What the page says, in the reader's language. */
import { en } from "./en";
import { numbers, plurals } from "./formats";

export type TextKey = keyof typeof en;
export type Texts = Readonly<Record<TextKey, string>>;
export type Language = "en" | "de";
type CountedKey = TextKey extends infer K ? (K extends `${infer B}.other` ? B : never) : never;
type Values = Readonly<Record<string, string | number>>;

export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

const KEPT = "inbox.language";

let texts: Texts = en;
export let language: Language = "en";

/** Takes the language that was chosen here, or the browser's. */
export async function chooseLanguage(): Promise<void> {
  const chosen = localStorage.getItem(KEPT);
  const wanted = chosen ? [chosen] : navigator.languages;
  const known = wanted.map((each) => each.slice(0, 2)).find((each) => each in LANGUAGES);
  language = (known as Language | undefined) ?? "en";
  if (language === "de") texts = (await import("./de")).de;
  document.documentElement.lang = language;
  document.documentElement.dir = "ltr";
  document.title = t("app.name");
}

/** Keeps a choice and shows the page anew in that language. */
export function speak(chosen: Language): void {
  localStorage.setItem(KEPT, chosen);
  location.reload();
}

/** A text with its values filled in. */
export function t(key: TextKey, values: Values = {}): string {
  return texts[key].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : isolated(String(value));
  });
}

const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A text of others within a sentence: it cannot turn what stands around it. */
export function isolated(text: string): string {
  const plain = text.replace(TURNING, "");
  return RIGHT_TO_LEFT.test(plain) ? `\u2068${plain}\u2069` : plain;
}

/** A text that depends on a number, `n` in it. */
export function counted(base: CountedKey, n: number, values: Values = {}): string {
  const form = plurals(language).select(n);
  // Below a thousand there is nothing to separate, and making a format takes milliseconds.
  const number = n < 1000 ? n : numbers(language).format(n);
  const key = `${base}.${form}`;
  const chosen = (key in texts ? key : `${base}.other`) as TextKey;
  return t(chosen, { n: number, ...values });
}
