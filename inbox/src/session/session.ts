/** Who is signed in: the deployment's identity provider by authorization code and PKCE. */
import { ErrorResponse, UserManager, WebStorageStateStore, type User } from "oidc-client-ts";
import { ApiError } from "../api/errors";
import { authorizeWith, prefix } from "../api/client";

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
const EARLY_SECONDS = 60;
/** What a provider says (RFC 6749, 5.2) of a sign-in that cannot be renewed any more. */
const REFUSALS = new Set(["invalid_grant", "invalid_client", "unauthorized_client"]);

let manager: UserManager | undefined;
let addresses: SignInAddresses | undefined;
let renewal: Promise<User | null> | undefined;
const ended = new Set<() => void>();

/** Calls back when a sign-in has ended and could not be renewed. */
export function onSignedOut(listener: () => void): () => void {
  ended.add(listener);
  return () => ended.delete(listener);
}

/** The person who is signed in; null where nobody is. Ends a sign-in that is under way. */
export async function restored(): Promise<Person | null> {
  const known = await userManager();
  const query = new URLSearchParams(location.search);
  if (query.has("state") && (query.has("code") || query.has("error"))) {
    const user = await known.signinCallback().catch(() => undefined);
    const back = typeof user?.state === "string" ? user.state : "";
    history.replaceState(null, "", HOME + back);
    // A place that is replaced tells nobody; the page was drawn for the one before.
    dispatchEvent(new PopStateEvent("popstate"));
  }
  authorizeWith(accessToken);
  const user = await known.getUser();
  if (!user) return null;
  if (!isFresh(user) && !(await renewed())) return null;
  return person(await accessToken(false));
}

/** Leaves for the sign-in page; it leads back to the place that is shown now. */
export async function signIn(): Promise<void> {
  const known = await userManager();
  await known.signinRedirect({ state: location.hash });
}

/** Ends the sign-in here and at the identity provider. */
export async function signOut(): Promise<void> {
  const known = await userManager();
  await known.removeUser();
  const { signOutUrl, clientId } = addresses ?? {};
  if (!signOutUrl || !clientId) return location.reload();
  const query = new URLSearchParams({ client_id: clientId, logout_uri: HOME });
  location.assign(`${signOutUrl}?${query}`);
}

async function userManager(): Promise<UserManager> {
  if (manager) return manager;
  addresses = await signInAddresses();
  const { url, clientId, authorizeUrl, tokenUrl, scopes } = addresses;
  if (!clientId || !authorizeUrl || !tokenUrl) {
    throw new ApiError("broken", 0, "this deployment has no sign-in for pages");
  }
  const store = new WebStorageStateStore({ store: sessionStorage });
  manager = new UserManager({
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
  return manager;
}

async function signInAddresses(): Promise<SignInAddresses> {
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
  const known = await userManager();
  const user = await known.getUser();
  if (user && !fresh && isFresh(user)) return user.access_token;
  const next = await renewed();
  if (next) return next.access_token;
  for (const listener of ended) listener();
  throw new ApiError("signedOut", 401, "the sign-in has ended");
}

function isFresh(user: User): boolean {
  return (user.expires_in ?? 0) > EARLY_SECONDS;
}

/** One renewal at a time, whoever asks: a refresh token may be good for one use only. */
function renewed(): Promise<User | null> {
  renewal ??= renew().finally(() => (renewal = undefined));
  return renewal;
}

async function renew(): Promise<User | null> {
  const known = await userManager();
  const user = await known.getUser();
  if (!user?.refresh_token) return null;
  try {
    return await known.signinSilent();
  } catch (error) {
    // Only a refusal ends a sign-in: who cannot be reached may say yes later.
    if (error instanceof ErrorResponse && REFUSALS.has(error.error ?? "")) return null;
    throw new ApiError(error instanceof TypeError ? "offline" : "busy", 0, String(error));
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
