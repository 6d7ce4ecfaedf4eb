/** Who is signed in: the deployment's identity provider by authorization code and PKCE. */
import type { UserManager } from "oidc-client-ts";
import { ApiError } from "../api/errors";
import { authorizeWith, prefix } from "../api/client";
import { arrived } from "../route";
import { forgetTokens, hasTokens, isFresh, keptTokens, nameOf, type Tokens } from "./tokens";

/** The person who works here, as their token tells. */
export interface Person {
  id: string;
  groups: readonly string[];
  /** Whether the token lets them change tasks. */
  mayWrite: boolean;
}

interface SignInAddresses {
  url: string;
  clientId?: string | null;
  authorizeUrl?: string | null;
  tokenUrl?: string | null;
  signOutUrl?: string | null;
  scopes?: string[] | null;
}

/** The page itself: where a sign-in comes back to, and where one is after signing out. */
const HOME = `${location.origin}${prefix}/inbox/`;
/** What a provider says (RFC 6749, 5.2) of a sign-in that cannot be renewed any more. */
const REFUSALS = new Set(["invalid_grant", "invalid_client", "unauthorized_client"]);

const userManager = untilItFails(newManager);
/** As the deployment tells them now: asked for once by each page that is loaded. */
const signInAddresses = untilItFails(askedAddresses);
let renewal: Promise<Tokens | null> | undefined;
const ended = new Set<() => void>();

/** Calls back when a sign-in has ended and could not be renewed. */
export function onSignedOut(listener: () => void): () => void {
  ended.add(listener);
  return () => ended.delete(listener);
}

/** The person who is signed in; null where nobody is. Ends a sign-in that is under way. */
export async function restored(): Promise<Person | null> {
  authorizeWith(accessToken);
  if (isComingBack()) await endSignIn();
  if (!hasTokens()) return null;
  // Only the deployment knows which of several counts.
  if (!keptTokens()) forgetTokens(nameOf(await signInAddresses()));
  const kept = keptPerson();
  if (kept) return kept;
  return (await renewed()) ? person(await accessToken(false)) : null;
}

/** The person whose tokens the tab has, as far as that is known without asking anybody. */
export function keptPerson(): Person | null {
  const kept = keptTokens();
  return kept && isFresh(kept) && !isComingBack() ? person(kept.access_token) : null;
}

/** Whether the page was opened by the sign-in, with a code. */
export function isComingBack(): boolean {
  const query = new URLSearchParams(location.search);
  return query.has("state") && (query.has("code") || query.has("error"));
}

async function endSignIn(): Promise<void> {
  const known = await userManager();
  const user = await known.signinCallback().catch(() => undefined);
  const back = typeof user?.state === "string" ? user.state : "";
  history.replaceState(null, "", HOME + back);
  arrived();
}

/** The page has begun with the tokens that the tab had: the deployment may have moved to another
 * provider or client meanwhile, where they count for nothing. */
export async function forgetStrangeTokens(): Promise<void> {
  try {
    forgetTokens(nameOf(await signInAddresses()));
  } catch {
    // There is no answer now; the next step that needs the addresses asks again.
    return;
  }
  if (!hasTokens()) tellEnded();
}

/** Everything that a sign-in needs is at hand. Raises `ApiError`. */
export async function readyToSignIn(): Promise<void> {
  await userManager();
}

/** Leaves for the sign-in page; it leads back to the place that is shown now. */
export async function signIn(): Promise<void> {
  const known = await userManager();
  await known.signinRedirect({ state: location.hash });
}

/** Ends the sign-in here and at the identity provider. */
export async function signOut(): Promise<void> {
  forgetTokens();
  const { signOutUrl, clientId } = (await signInAddresses().catch(() => null)) ?? {};
  if (!signOutUrl || !clientId) return location.reload();
  const query = new URLSearchParams({ client_id: clientId, logout_uri: HOME });
  location.assign(`${signOutUrl}?${query}`);
}

/** The same result for all callers; it is made anew after it has failed. */
function untilItFails<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    }));
}

async function newManager(): Promise<UserManager> {
  const [{ UserManager, WebStorageStateStore }, known] = await Promise.all([
    library(),
    signInAddresses(),
  ]);
  const { url, clientId, authorizeUrl, tokenUrl, scopes } = known;
  if (!clientId || !authorizeUrl || !tokenUrl) {
    throw new ApiError("broken", 0, "this deployment has no sign-in for pages");
  }
  const store = new WebStorageStateStore({ store: sessionStorage });
  return new UserManager({
    authority: url,
    client_id: clientId,
    redirect_uri: HOME,
    response_type: "code",
    scope: (scopes ?? ["openid"]).join(" "),
    metadata: { issuer: url, authorization_endpoint: authorizeUrl, token_endpoint: tokenUrl },
    userStore: store,
    stateStore: store,
    automaticSilentRenew: false,
    loadUserInfo: false,
  });
}

/** Loaded only where somebody signs in or a sign-in is renewed. */
function library() {
  return import("oidc-client-ts").catch((error: unknown) => {
    throw new ApiError("offline", 0, String(error));
  });
}

async function askedAddresses(): Promise<SignInAddresses> {
  let answer: Response;
  try {
    answer = await fetch(`${prefix}/v1/auth`, { cache: "no-store" });
  } catch (error) {
    throw new ApiError("offline", 0, String(error));
  }
  if (!answer.ok) throw new ApiError("busy", answer.status, await answer.text());
  return (await answer.json()) as SignInAddresses;
}

async function accessToken(fresh: boolean): Promise<string> {
  const kept = keptTokens();
  if (kept && !fresh && isFresh(kept)) return kept.access_token;
  const next = await renewed();
  if (next) return next.access_token;
  tellEnded();
  throw new ApiError("signedOut", 401, "the sign-in has ended");
}

function tellEnded(): void {
  for (const listener of ended) listener();
}

/** One renewal at a time for all callers: a refresh token may be good for one use only. */
function renewed(): Promise<Tokens | null> {
  renewal ??= renew().finally(() => (renewal = undefined));
  return renewal;
}

async function renew(): Promise<Tokens | null> {
  const known = await userManager();
  const addresses = await signInAddresses();
  forgetTokens(nameOf(addresses));
  const user = await known.getUser();
  if (!user?.refresh_token) return null;
  const { ErrorResponse } = await library();
  try {
    return (await known.signinSilent()) as Tokens | null;
  } catch (error) {
    // Only a refusal ends a sign-in: who cannot be reached may say yes later.
    if (error instanceof ErrorResponse && REFUSALS.has(error.error ?? "")) return null;
    // The library raises a `TypeError` without an answer, and for an answer that it trips over.
    const isSilent = error instanceof TypeError && !(await answers(addresses.tokenUrl!));
    throw new ApiError(isSilent ? "offline" : "busy", 0, String(error));
  }
}

/** Whether anything is answered at an address, whatever it is. */
async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url, { method: "HEAD", mode: "no-cors", cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}

/** What an access token says about its owner. */
export function person(token: string): Person {
  const claims = payload(token);
  const groups = Array.isArray(claims["cognito:groups"]) ? claims["cognito:groups"] : [];
  return {
    id: String(claims.username ?? claims.client_id ?? claims.sub ?? ""),
    groups: groups.filter(
      (group): group is string => typeof group === "string" && !group.startsWith("tenant:"),
    ),
    mayWrite: String(claims.scope ?? "").includes("tasks.write"),
  };
}

function payload(token: string): Record<string, unknown> {
  const part = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
  const raw = Uint8Array.from(atob(part), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(raw)) as Record<string, unknown>;
}
