import { h } from "preact";
import { Loaded, Time } from "./controls.js";
import { texts } from "./texts.js";

/** A card whose contents are loaded on their own, and which says how old they are. */
export function Part({ title, hint, state, children }) {
  return h("section", { class: "card" },
    h("div", { class: "heading" }, h("h2", null, title), state.value && h("span", { class: "hint" }, texts.service.asOf, " ", h(Time, { value: state.value.as_of }))),
    hint && h("p", { class: "hint" }, hint),
    h(Loaded, { state }, children));
}
