/** What the viewer leaves unsaid to those who do not see it or use no mouse. */

/** Attributes that its elements lack, by selector. */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // Its choice of addresses has no name.
  "#servers": { "aria-label": "Server" },
  // Its main part has the calls alone: what is beside them has names.
  ".information-container": { role: "region", "aria-label": "About the API" },
  ".scheme-container": { role: "region", "aria-label": "Server and tokens" },
  ".filter-container": { role: "search", "aria-label": "Find a tag" },
  ".models": { role: "region", "aria-label": "Schemas" },
  // What scrolls is scrolled by keys, too.
  "pre, .curl, .microlight": { tabindex: "0" },
  // It leaves levels out.
  "h3.opblock-tag": { "aria-level": "2" },
  ".models > h4": { "aria-level": "2" },
  ".opblock h4": { "aria-level": "3" },
  ".opblock h5": { "aria-level": "4" },
};

/** From now on what is in an element has these attributes, whenever the viewer draws it. */
export function keepNamed(place: Element): void {
  const name = () => {
    for (const [selector, attributes] of Object.entries(ATTRIBUTES)) {
      for (const element of place.querySelectorAll(selector)) {
        for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      }
    }
  };
  // Attributes are not watched, so that this does not wake itself.
  new MutationObserver(name).observe(place, { childList: true, subtree: true });
}
