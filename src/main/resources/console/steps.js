import { h } from "preact";
import { Progress } from "./controls.js";
import { duration } from "./format.js";
import { texts } from "./texts.js";

const capital = text => text.charAt(0).toUpperCase() + text.slice(1);

/** The steps of a task, each with how far it is. */
export function Steps({ steps }) {
  return steps.length > 0 && h("ol", { class: "steps" }, steps.map((step, index) => h("li", { key: index, class: step.status },
    h("div", { class: "step" }, h("span", null, capital(step.step), step.store ? ` → ${step.store}` : ""),
      h("span", { class: "hint" }, step.status === "done" ? duration(step.seconds) : texts.stepStatuses[step.status])),
    step.status === "running" && h(Progress, { label: step.step, part: step.bytes, whole: step.total, rate: step.rate, eta: step.eta ?? undefined }),
    step.reason && h("p", { class: "warning" }, step.reason))));
}
