// The pieces that views are made of. Text of tenants is only ever the text of an element, never its HTML.
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { bytes, duration, exact, ago, percent } from "./format.js";
import { texts } from "./texts.js";

export function Button({ kind = "plain", children, ...rest }) {
  return h("button", { type: "button", class: `button ${kind}`, ...rest }, children);
}

export function Status({ value }) {
  return h("span", { class: `status ${value}` }, texts.statuses[value] ?? value);
}

export function Time({ value }) {
  return value ? h("time", { dateTime: value, title: exact(value) }, ago(value)) : "–";
}

/** A labelled field; the hint is read along with it. */
export function Field({ label, hint, children, class: name = "" }) {
  return h("label", { class: `field ${name}` }, h("span", { class: "label" }, label), children, hint && h("span", { class: "hint" }, hint));
}

export function Select({ options, value, onChange, ...rest }) {
  return h("select", { ...rest, value, onChange: event => onChange(event.currentTarget.value) },
    options.map(([key, text]) => h("option", { value: key, key, selected: key === value }, text)));
}

export function Copy({ text, label }) {
  const [isDone, setDone] = useState(false);
  const timer = useRef(0);
  if (!navigator.clipboard) {
    return null; // pages that came without TLS from another host have none
  }
  const copy = async () => {
    await navigator.clipboard.writeText(text).then(() => setDone(true), () => {});
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setDone(false), 2000);
  };
  return h(Button, { kind: "small", onClick: copy, "aria-label": `${texts.copy}: ${label}` }, isDone ? texts.copied : texts.copy);
}

/** Progress of so many bytes of a whole, with rate and time left. */
export function Progress({ label, part, whole, rate, eta }) {
  const done = percent(part, whole);
  const left = eta ?? (rate > 0 ? (whole - part) / rate : NaN);
  return h("div", { class: "progress" },
    h("progress", { max: 100, value: done, "aria-label": label }),
    h("span", { class: "figures" }, [`${done} %`, whole ? `${bytes(part)} / ${bytes(whole)}` : bytes(part), rate > 0 && `${bytes(rate)}/s`,
      rate > 0 && done < 100 && Number.isFinite(left) && texts.left(duration(left))].filter(Boolean).join(" · ")));
}

export function Notice({ kind = "bad", children, onClose }) {
  return h("div", { class: `notice ${kind}`, role: kind === "bad" ? "alert" : "status" }, h("div", null, children),
    onClose && h(Button, { kind: "small", onClick: onClose }, texts.close));
}

/** Why something could not be shown or done. */
export function Trouble({ failure, onRetry }) {
  const kind = { 403: "forbidden", 404: "missing" }[failure.status] ?? "broken";
  return h("div", { class: "blank", role: "alert" }, h("h2", null, texts.troubles[kind]), h("p", null, failure.message),
    onRetry && kind === "broken" && h(Button, { onClick: onRetry }, texts.retry));
}

export function Loading() {
  return h("div", { class: "blank", role: "status" }, h("p", null, texts.loading));
}

export function Empty({ title, children }) {
  return h("div", { class: "blank" }, h("h2", null, title), children);
}

/** Shows what was loaded, or why it is not there. */
export function Loaded({ state, children }) {
  if (state.value !== undefined && state.phase !== "failed") {
    return children(state.value);
  }
  return state.phase === "failed" ? h(Trouble, { failure: state.failure, onRetry: state.reload }) : h(Loading);
}

/** A modal question, closed by Escape. */
export function Dialog({ title, children, action, kind = "primary", onDo, onClose }) {
  const element = useRef(null);
  const work = useWork();
  useEffect(() => element.current.showModal(), []);
  const submit = event => {
    event.preventDefault();
    work.run(onDo).then(done => done && onClose());
  };
  return h("dialog", { ref: element, onClose, "aria-label": title },
    h("form", { onSubmit: submit }, h("h2", null, title), children, work.failure && h(Notice, null, work.failure.message),
      h("div", { class: "actions" }, h(Button, { onClick: onClose }, texts.cancel),
        h("button", { type: "submit", class: `button ${kind}`, disabled: work.isBusy }, action))));
}

/** Runs what may fail, and remembers whether it is running and why it failed. */
export function useWork() {
  const [state, setState] = useState({ isBusy: false, failure: null });
  const run = async action => {
    setState({ isBusy: true, failure: null });
    try {
      await action();
      setState({ isBusy: false, failure: null });
      return true;
    } catch (failure) {
      setState({ isBusy: false, failure });
      return false;
    }
  };
  return { ...state, run, forget: () => setState({ isBusy: false, failure: null }) };
}
