// A value that views follow: whoever changes it need not know who shows it.
import { useEffect, useRef, useState } from "preact/hooks";

export class Store {
  #listeners = new Set();

  constructor(value) {
    this.value = value;
  }

  set(value) {
    this.value = value;
    this.#listeners.forEach(listener => listener());
  }

  follow(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The value of a store; the view is drawn again whenever it changes. */
export function useStore(store) {
  const [, draw] = useState(0);
  const shown = store.value;
  useEffect(() => {
    const redraw = () => draw(count => count + 1);
    if (store.value !== shown) {
      redraw(); // it changed before this view followed it
    }
    return store.follow(redraw);
  }, [store]);
  return shown;
}

/** Calls an action again and again while the page is visible, and when it becomes so. */
export function useRepeated(action, millis) {
  const latest = useRef(action);
  latest.current = action;
  useEffect(() => {
    const run = () => document.hidden || latest.current();
    const timer = setInterval(run, millis);
    document.addEventListener("visibilitychange", run);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", run);
    };
  }, [millis]);
}

/**
 * Loads a value, again when one of the keys changes, and tells how far that is.
 * An answer that comes after the next question is dropped.
 */
export function useLoaded(load, keys) {
  const [state, setState] = useState({ phase: "loading" });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setState(known => ({ ...known, phase: known.value === undefined ? "loading" : "again" }));
    load(stop.signal).then(
      value => stop.signal.aborted || setState({ phase: "done", value }),
      failure => stop.signal.aborted || setState({ phase: "failed", failure }));
    return () => stop.abort();
  }, [...keys, round]);
  return { ...state, reload: () => setRound(count => count + 1), put: value => setState({ phase: "done", value }) };
}
