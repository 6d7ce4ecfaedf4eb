/**
 * The tokens of a sign-in, where oidc-client-ts keeps them: a person who is signed in can begin
 * without that library, and without asking where one signs in.
 */

/** As far as the page reads them. */
export interface Tokens {
  access_token: string;
  /** In seconds since 1970. */
  expires_at?: number;
}

const PREFIX = "oidc.user:";
const EARLY_SECONDS = 60;

/** What the tokens of a provider and its client are called. */
export function nameOf({ url, clientId }: { url: string; clientId?: string | null }): string {
  return `${PREFIX}${url}:${clientId}`;
}

/** The tokens that the tab has; null for none, and for those of several providers. */
export function keptTokens(): Tokens | null {
  const [name, ...others] = names();
  if (name === undefined || others.length) return null;
  try {
    const kept = JSON.parse(sessionStorage.getItem(name) ?? "null") as Tokens | null;
    return typeof kept?.access_token === "string" ? kept : null;
  } catch {
    return null;
  }
}

/** Whether the tab has tokens, of whatever provider. */
export function hasTokens(): boolean {
  return names().length > 0;
}

/** Whether the tokens are good for a while. */
export function isFresh({ expires_at }: Tokens, now: number = Date.now()): boolean {
  return (expires_at ?? 0) - now / 1000 > EARLY_SECONDS;
}

/** Forgets all tokens but those of that name. */
export function forgetTokens(but: string | null = null): void {
  for (const name of names()) if (name !== but) sessionStorage.removeItem(name);
}

function names(): string[] {
  return Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));
}
