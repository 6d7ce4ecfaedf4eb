/** A tab begins with the tokens that it has, and notices when they have become good for nothing. */
import { User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const HERE = "http://inbox.test";
const ADDRESSES = {
  url: `${HERE}/pool`,
  clientId: "page",
  authorizeUrl: `${HERE}/authorize`,
  tokenUrl: `${HERE}/token`,
  signOutUrl: `${HERE}/logout`,
  scopes: ["openid"],
};

/** What a tab keeps, as the browser's own. */
class Tab {
  [name: string]: unknown;
  get length(): number {
    return Object.keys(this).length;
  }
  key(at: number): string | null {
    return Object.keys(this)[at] ?? null;
  }
  getItem(name: string): string | null {
    return (this[name] as string | undefined) ?? null;
  }
  setItem(name: string, value: string): void {
    this[name] = value;
  }
  removeItem(name: string): void {
    delete this[name];
  }
}

function token(claims: object): string {
  return `head.${btoa(JSON.stringify(claims))}.signature`;
}

const DEMO = token({ username: "demo", "cognito:groups": ["sales"], scope: "td/tasks.write" });

/** A page at its address; what it asks for is answered by `answer`. */
function page(answer: (address: string) => Promise<Response>) {
  const went = { to: [] as string[], reloads: 0, asked: [] as string[] };
  vi.stubGlobal("location", {
    origin: HERE,
    pathname: "/inbox/",
    search: "",
    hash: "",
    assign: (address: string) => void went.to.push(address),
    reload: () => void (went.reloads += 1),
  });
  vi.stubGlobal("fetch", (address: string) => {
    went.asked.push(address);
    return answer(address);
  });
  return went;
}

async function signedIn(
  seconds = 3600,
  clientId = ADDRESSES.clientId,
  refresh_token = "",
): Promise<void> {
  const store = new WebStorageStateStore({ store: sessionStorage });
  const known = { authority: ADDRESSES.url, client_id: clientId, redirect_uri: HERE };
  const manager = new UserManager({ ...known, userStore: store, stateStore: store });
  const expires_at = Math.floor(Date.now() / 1000) + seconds;
  const profile = { sub: "1", iss: ADDRESSES.url, aud: clientId, exp: expires_at, iat: 0 };
  await manager.storeUser(
    new User({ access_token: DEMO, token_type: "Bearer", profile, expires_at, refresh_token }),
  );
}

const told = (addresses: object) => () => Promise.resolve(Response.json(addresses));
const silent = () => new Promise<Response>(() => {});
const down = () => Promise.reject(new TypeError("no connection"));

describe("a tab", () => {
  beforeEach(() => {
    vi.resetModules();
    vi.stubGlobal("sessionStorage", new Tab());
    vi.stubGlobal("navigator", { onLine: true });
    vi.stubGlobal("addEventListener", () => {});
  });
  afterEach(() => void vi.unstubAllGlobals());

  test("with tokens starts without an answer", async () => {
    page(silent);
    await signedIn();
    const { restored } = await import("../src/session/session");
    expect(await restored()).toEqual({ id: "demo", groups: ["sales"], mayWrite: true });
  });

  test("without tokens sends no request", async () => {
    const went = page(silent);
    const { restored } = await import("../src/session/session");
    expect(await restored()).toBeNull();
    expect(went.asked).toEqual([]);
  });

  test("with old tokens that cannot be renewed is signed out", async () => {
    page(told(ADDRESSES));
    await signedIn(30);
    const { restored } = await import("../src/session/session");
    expect(await restored()).toBeNull();
  });

  test("keeps old tokens while the identity provider has troubles of its own", async () => {
    page((address) =>
      Promise.resolve(
        address === ADDRESSES.tokenUrl
          ? Response.json(null, { status: 503 })
          : Response.json(ADDRESSES),
      ),
    );
    await signedIn(30, ADDRESSES.clientId, "renew");
    const { restored } = await import("../src/session/session");
    await expect(restored()).rejects.toMatchObject({ trouble: "busy" });
    expect(Object.keys(sessionStorage)).toHaveLength(1);
  });

  test("keeps old tokens while the identity provider cannot be reached", async () => {
    page((address) => (address === ADDRESSES.tokenUrl ? down() : told(ADDRESSES)()));
    await signedIn(30, ADDRESSES.clientId, "renew");
    const { restored } = await import("../src/session/session");
    await expect(restored()).rejects.toMatchObject({ trouble: "offline" });
    expect(Object.keys(sessionStorage)).toHaveLength(1);
  });

  test("is told when the deployment has moved to another client", async () => {
    page(told({ ...ADDRESSES, clientId: "another" }));
    await signedIn();
    const session = await import("../src/session/session");
    const ended = vi.fn();
    session.onSignedOut(ended);
    expect((await session.restored())?.id).toBe("demo");
    await session.forgetStrangeTokens();
    expect(ended).toHaveBeenCalledOnce();
    expect(Object.keys(sessionStorage)).toEqual([]);
  });

  test("keeps its tokens while the service does not say where one signs in", async () => {
    page(down);
    await signedIn();
    const { forgetStrangeTokens, restored } = await import("../src/session/session");
    expect((await restored())?.id).toBe("demo");
    await forgetStrangeTokens();
    expect(Object.keys(sessionStorage)).toHaveLength(1);
  });

  test("with tokens of two clients goes by what the deployment says", async () => {
    page(told(ADDRESSES));
    await signedIn(3600, "before");
    await signedIn(3600);
    const { restored } = await import("../src/session/session");
    expect((await restored())?.id).toBe("demo");
    expect(Object.keys(sessionStorage)).toHaveLength(1);
  });

  test("forgets its tokens when one signs out, and the identity provider is told", async () => {
    const went = page(told(ADDRESSES));
    await signedIn();
    const { signOut } = await import("../src/session/session");
    await signOut();
    expect(Object.keys(sessionStorage)).toEqual([]);
    expect(went.to).toEqual([
      `${HERE}/logout?client_id=page&logout_uri=${encodeURIComponent(`${HERE}/inbox/`)}`,
    ]);
  });

  test("forgets its tokens without a connection, too", async () => {
    const went = page(down);
    await signedIn();
    const { signOut } = await import("../src/session/session");
    await signOut();
    expect(Object.keys(sessionStorage)).toEqual([]);
    expect(went.reloads).toBe(1);
  });
});
