// Signs in with an OpenID Connect provider: authorization code with PKCE (RFC 7636). The browser goes to the provider and comes back to this page;
// the server exchanges the code. What the way there and back needs is stored for that time only, all else stays in the memory of this page.
import { Refusal } from "./api.js";
import { session } from "./session.js";
import { texts } from "./texts.js";

const words = texts.signIn.provider;
const PLACE = "vitrine.signIn";
const LONGEST_WAY_MILLIS = 3600_000;
const CLOCKS_DIFFER_MILLIS = 600_000;
const RENEW_BEFORE_MILLIS = 120_000;

/** This page without query and fragment, wherever a proxy has mounted it: the provider knows the client by it. */
const here = () => location.origin + location.pathname;

async function ask(path, json) {
  let answer;
  try {
    answer = await fetch(`identity/oidc/${path}`, {
      method: json ? "POST" : "GET", cache: "no-store", body: json && JSON.stringify(json),
      headers: { Accept: "application/json", ...(json && { "Content-Type": "application/json" }) },
    });
  } catch {
    throw new Refusal(0, texts.failures[0]);
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw new Refusal(answer.status, body.error ? reason(body.error, body.error_description) : body.message || texts.failures.other(answer.status));
  }
  return body;
}

/** What an error of the provider means; its own words are only ever shown as text. */
function reason(error, description) {
  return Object.hasOwn(words.errors, error) ? words.errors[error] : words.error([error, description].filter(Boolean).join(": ").slice(0, 300));
}

function base64(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

const random = () => base64(crypto.getRandomValues(new Uint8Array(32)));

/** Goes to the provider, unless that fails. */
export async function begin() {
  if (!crypto.subtle) {
    throw new Error(words.insecure);
  }
  const provider = await ask("provider");
  const way = { provider, state: random(), nonce: random(), verifier: random(), hash: location.hash, at: Date.now() };
  sessionStorage.setItem(PLACE, JSON.stringify(way));
  const target = new URL(provider.authorization_endpoint);
  const challenge = base64(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(way.verifier)));
  Object.entries({
    response_type: "code", client_id: provider.client_id, redirect_uri: here(), scope: provider.scope, state: way.state, nonce: way.nonce,
    code_challenge: challenge, code_challenge_method: "S256",
  }).forEach(([name, value]) => target.searchParams.set(name, value));
  location.assign(target);
}

/** The stored way, which can be gone once. */
function take() {
  try {
    const way = JSON.parse(sessionStorage.getItem(PLACE));
    sessionStorage.removeItem(PLACE);
    return way && Date.now() - way.at < LONGEST_WAY_MILLIS ? way : null;
  } catch {
    return null;
  }
}

/** Signs the user in who comes back from the provider; does nothing for others. */
export async function comeBack() {
  const way = take();
  const given = new URLSearchParams(location.search);
  if (!given.has("code") && !given.has("error")) {
    return;
  }
  history.replaceState(null, "", location.pathname + (way?.hash ?? ""));
  dispatchEvent(new Event("hashchange"));
  session.state.set({ ...session.state.value, isArriving: true });
  try {
    await enter(way, given);
  } catch (failure) {
    session.state.set({ ...session.state.value, failure: failure.message });
  }
  session.state.set({ ...session.state.value, isArriving: false });
}

async function enter(way, given) {
  if (!way || given.get("state") !== way.state) {
    throw new Error(words.otherState);
  }
  if (given.has("iss") && given.get("iss") !== way.provider.issuer) {
    throw new Error(words.otherIssuer); // RFC 9207
  }
  if (given.has("error")) {
    throw new Error(reason(given.get("error"), given.get("error_description")));
  }
  const answer = await ask("tokens", { code: given.get("code"), code_verifier: way.verifier, redirect_uri: here() });
  const claims = claimsOf(answer.id_token, way.provider);
  if (claims.nonce !== way.nonce) {
    throw new Error(words.otherToken);
  }
  const login = new Login(way.provider, claims, answer);
  session.enter(login.grant(answer), answer.refresh_token && (() => login.renew()));
}

/** The claims of an ID token, checked as OpenID Connect Core 3.1.3.7 says; it came from the provider itself, so its signature says nothing more. */
function claimsOf(token, provider) {
  let claims;
  try {
    const text = atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
    claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, each => each.charCodeAt(0))));
  } catch {
    throw new Error(words.otherToken);
  }
  const isOurs = claims.iss === provider.issuer && [claims.aud].flat().includes(provider.client_id) && (claims.azp ?? provider.client_id) === provider.client_id;
  if (!isOurs || !claims.sub || !(claims.exp * 1000 > Date.now() - CLOCKS_DIFFER_MILLIS)) {
    throw new Error(words.otherToken);
  }
  return claims;
}

/** One sign-in and what keeps it going. */
class Login {
  #provider;
  #claims;
  #refresh;
  #idToken;

  constructor(provider, claims, answer) {
    this.#provider = provider;
    this.#claims = claims;
    this.#keep(answer);
  }

  #keep(answer) {
    this.#refresh = answer.refresh_token ?? this.#refresh;
    this.#idToken = answer.id_token ?? this.#idToken;
  }

  /** What the session takes; short tokens are renewed when half of their time is over. */
  grant(answer) {
    const { preferred_username: login, name, email } = this.#claims;
    const millis = answer.expires_in * 1000;
    return {
      token: answer.access_token, user: String(login || name || email || answer.user), project: answer.project ?? undefined, projectName: answer.project ?? "",
      expiresAt: millis > 0 ? Date.now() + millis : undefined, renewBefore: Math.min(RENEW_BEFORE_MILLIS, millis / 2), farewell: () => this.#farewell(),
    };
  }

  async renew() {
    let answer;
    try {
      answer = await ask("tokens", { refresh_token: this.#refresh });
    } catch (failure) {
      throw Object.assign(failure, { isFinal: [400, 403].includes(failure.status) });
    }
    if (answer.id_token && claimsOf(answer.id_token, this.#provider).sub !== this.#claims.sub) {
      throw Object.assign(new Error(words.otherToken), { isFinal: true });
    }
    this.#keep(answer);
    return this.grant(answer);
  }

  /** Where the user signs out of the provider, too; null if it has no such place. */
  #farewell() {
    if (!this.#provider.end_session_endpoint) {
      return null;
    }
    const target = new URL(this.#provider.end_session_endpoint);
    Object.entries({ id_token_hint: this.#idToken, client_id: this.#provider.client_id, post_logout_redirect_uri: here() })
      .forEach(([name, value]) => target.searchParams.set(name, value));
    return target;
  }
}
