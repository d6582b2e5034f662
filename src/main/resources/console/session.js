// Who the user is. The token and what renews it stay in the memory of this page: nothing of them is stored.
import { Store } from "./store.js";

const RENEW_BEFORE_MILLIS = 120_000;
const LONGEST_TIMER_MILLIS = 12 * 3600_000;

class Session {
  state = new Store({ kind: "none", isOpen: false });
  #token = null;
  #bearer = null;
  #renewal = null;
  #farewell = null;
  #isRenewing = false;
  #renewableAfter = Infinity;
  #timer = 0;

  /** Asks the server how users sign in. */
  async open() {
    try {
      const answer = await fetch("config.json", { cache: "no-store" });
      const { identity: kind, provider: hasProvider } = await answer.json();
      this.state.set({ kind, hasProvider, isOpen: kind === "none" });
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
   * @param grant its text, when it expires, and the user and the project that it is for; if it is renewed even after that, how many milliseconds before it
   *     expires that begins; and what tells where else the user signs out
   * @param renewal gets the next one from the same credentials; none: the user signs in again
   */
  enter(grant, renewal) {
    this.#token = grant.token;
    this.#renewal = renewal;
    this.#farewell = grant.farewell;
    this.#renewableAfter = grant.renewBefore === undefined ? Infinity : grant.expiresAt;
    clearTimeout(this.#timer);
    if (renewal && grant.expiresAt) {
      const [least, before] = grant.renewBefore === undefined ? [5000, RENEW_BEFORE_MILLIS] : [1000, grant.renewBefore];
      const wait = Math.max(least, new Date(grant.expiresAt) - Date.now() - before);
      this.#timer = setTimeout(() => this.#renew(), Math.min(wait, LONGEST_TIMER_MILLIS));
    }
    this.state.set({ ...this.state.value, isOpen: true, hasExpired: false, failure: "", user: grant.user, project: grant.project, projectName: grant.projectName });
  }

  /** Takes a token of OpenID Connect. */
  enterBearer(token) {
    this.#bearer = token;
    this.state.set({ ...this.state.value, isOpen: true, hasExpired: false, failure: "" });
  }

  /** Where the user has to go to sign out there, too; null if nowhere. */
  farewell() {
    return this.#farewell?.() ?? null;
  }

  async #renew() {
    this.#isRenewing = true;
    clearTimeout(this.#timer);
    try {
      this.enter(await this.#renewal(), this.#renewal);
    } catch (failure) {
      if (failure.isFinal) {
        this.#renewal = null;
      } else {
        this.#timer = setTimeout(() => this.#renew(), 30_000);
      }
    }
    this.#isRenewing = false;
  }

  /** The API does not accept the token any more: the user signs in again, and uploads wait for that. */
  expire() {
    if (this.#renewal && Date.now() > this.#renewableAfter) {
      // The machine slept while the token should have been renewed.
      this.#isRenewing || this.#renew();
      return;
    }
    if (this.state.value.kind !== "none" && this.state.value.isOpen) {
      this.#token = this.#bearer = this.#renewal = this.#farewell = null;
      clearTimeout(this.#timer);
      this.state.set({ ...this.state.value, isOpen: false, hasExpired: true });
    }
  }
}

export const session = new Session();
