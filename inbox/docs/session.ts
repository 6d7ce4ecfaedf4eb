/** Who tries the API: signed in as in the inbox, whose sign-in counts here in the same tab. */
import { UserManager, WebStorageStateStore, type User } from "oidc-client-ts";

interface Addresses {
  url: string;
  clientId: string;
  authorizeUrl: string | null;
  tokenUrl: string | null;
  signOutUrl: string | null;
  scopes: string[];
}

const EARLY_SECONDS = 60;

/** The sign-in at the deployment's identity provider, by authorization code and PKCE. */
export class Session {
  readonly #prefix: string;
  readonly #home: string;
  #addresses: Addresses | undefined;
  #manager: UserManager | undefined;

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.#home = `${location.origin}${prefix}/inbox/docs/`;
  }

  /** The id of the signed-in user; null when there is none. Ends a sign-in that is under way. */
  async restored(): Promise<string | null> {
    const manager = await this.#ready();
    const query = new URLSearchParams(location.search);
    if (query.has("state") && (query.has("code") || query.has("error"))) {
      await manager.signinCallback().catch(() => undefined);
      history.replaceState(null, "", this.#home + location.hash);
    }
    if (!(await this.token())) return null;
    const user = await manager.getUser();
    const name = user?.profile["cognito:username"];
    return typeof name === "string" ? name : (user?.profile.sub ?? null);
  }

  /** Leaves for the sign-in page, which leads back here. */
  async signIn(): Promise<void> {
    await (await this.#ready()).signinRedirect();
  }

  /** Ends the sign-in here and at the identity provider. */
  async signOut(): Promise<void> {
    await (await this.#ready()).removeUser();
    const { signOutUrl, clientId } = await this.#known();
    if (!signOutUrl) return location.reload();
    const query = new URLSearchParams({ client_id: clientId, logout_uri: this.#home });
    location.assign(`${signOutUrl}?${query}`);
  }

  /** An access token that lasts a while; undefined where nobody is signed in. */
  async token(): Promise<string | undefined> {
    const manager = await this.#ready();
    const user = await manager.getUser();
    if (!user) return undefined;
    if (isFresh(user)) return user.access_token;
    const renewed = await manager.signinSilent().catch(() => null);
    return renewed?.access_token;
  }

  async #ready(): Promise<UserManager> {
    if (this.#manager) return this.#manager;
    const { url, clientId, authorizeUrl, tokenUrl, scopes } = await this.#known();
    if (!authorizeUrl || !tokenUrl) throw new Error("This deployment has no sign-in for pages.");
    const store = new WebStorageStateStore({ store: sessionStorage });
    return (this.#manager = new UserManager({
      authority: url,
      client_id: clientId,
      redirect_uri: this.#home,
      response_type: "code",
      scope: scopes.join(" "),
      metadata: { issuer: url, authorization_endpoint: authorizeUrl, token_endpoint: tokenUrl },
      userStore: store,
      stateStore: store,
      automaticSilentRenew: false,
      loadUserInfo: false,
    }));
  }

  async #known(): Promise<Addresses> {
    if (this.#addresses) return this.#addresses;
    const answer = await fetch(`${this.#prefix}/v1/auth`, { cache: "no-store" });
    if (!answer.ok) throw new Error(`The API cannot be reached (${answer.status}).`);
    return (this.#addresses = (await answer.json()) as Addresses);
  }
}

function isFresh(user: User): boolean {
  return user.expires_in === undefined || user.expires_in > EARLY_SECONDS;
}
