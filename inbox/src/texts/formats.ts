/** How the browser writes numbers and dates: each made once, since making one takes milliseconds. */

function once<Format>(make: (language: string) => Format): (language: string) => Format {
  const made = new Map<string, Format>();
  return (language) => {
    const format = made.get(language) ?? make(language);
    made.set(language, format);
    return format;
  };
}

export const numbers = once((language) => new Intl.NumberFormat(language));
export const plurals = once((language) => new Intl.PluralRules(language));
export const spans = once((language) => new Intl.RelativeTimeFormat(language, { numeric: "auto" }));
export const exactDates = once(
  (language) => new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" }),
);
export const shortDates = once(
  (language) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }),
);
