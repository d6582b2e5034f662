// Who the user is. The token and what renews it stay in the memory of this page: nothing of them is stored.
import { Store } from "./store.js";

const RENEW_BEFORE_MILLIS = 120_000;
const LONGEST_TIMER_MILLIS = 12 * 3600_000;

class Session {
  state = new Store({ kind: "none", isOpen: false });
  #token = null;
  #bearer = null;
  #renewal = null;
  #timer = 0;

  /** Asks the server how users sign in. */
  async open() {
    try {
      const answer = await fetch("config.json", { cache: "no-store" });
      const kind = (await answer.json()).identity;
      this.state.set({ kind, isOpen: kind === "none" });
    } catch {
      this.state.set({ kind: "unknown", isOpen: false });
    }
  }

  /** The headers that tell the API who calls. */
  headers() {
    if (this.#bearer) {
      return { Authorization: `Bearer ${this.#bearer}` };
    }
    return this.#token ? { "X-Auth-Token": this.#token } : {};
  }

  /**
   * Takes a token.
   *
   * @param grant its text, when it expires, and the user and the project that it is for
   * @param renewal gets the next one from the same credentials; none: the user signs in again
   */
  enter(grant, renewal) {
    this.#token = grant.token;
    this.#renewal = renewal;
    clearTimeout(this.#timer);
    if (renewal && grant.expiresAt) {
      const wait = Math.max(5000, new Date(grant.expiresAt) - Date.now() - RENEW_BEFORE_MILLIS);
      this.#timer = setTimeout(() => this.#renew(), Math.min(wait, LONGEST_TIMER_MILLIS));
    }
    this.state.set({ ...this.state.value, isOpen: true, hasExpired: false, user: grant.user, project: grant.project, projectName: grant.projectName });
  }

  /** Takes a token of OpenID Connect. */
  enterBearer(token) {
    this.#bearer = token;
    this.state.set({ ...this.state.value, isOpen: true, hasExpired: false });
  }

  async #renew() {
    try {
      this.enter(await this.#renewal(), this.#renewal);
    } catch {
      this.#timer = setTimeout(() => this.#renew(), 30_000);
    }
  }

  /** The API does not accept the token any more: the user signs in again, and uploads wait for that. */
  expire() {
    if (this.state.value.kind !== "none" && this.state.value.isOpen) {
      this.#token = this.#bearer = this.#renewal = null;
      clearTimeout(this.#timer);
      this.state.set({ ...this.state.value, isOpen: false, hasExpired: true });
    }
  }
}

export const session = new Session();
