import { h } from "preact";
import { bytes, percent } from "./format.js";
import { Part } from "./part.js";
import { address } from "./route.js";
import { texts } from "./texts.js";

const words = texts.service;
const COLUMNS = [["bytes", words.data, bytes], ["images", words.count, String], ["staged_bytes", words.staged, bytes], ["uploading", words.uploading, String]];

/** What projects use, and how much of it they may. */
export function Projects({ state }) {
  return h(Part, { title: words.projects, hint: words.projectsHint, state }, ({ projects }) => projects.length === 0
    ? h("p", { class: "hint" }, words.noProjects)
    : h("div", { class: "wide-table", tabIndex: 0, role: "region", "aria-label": words.projects },
      h("table", { class: "plain" }, h("caption", { class: "unseen" }, words.projects),
        h("thead", null, h("tr", null, h("th", { scope: "col" }, words.project), COLUMNS.map(([key, name]) => h("th", { scope: "col", key }, name)))),
        h("tbody", null, projects.map(each => h(Project, { usage: each, key: each.project ?? "" }))))));
}

function Project({ usage }) {
  return h("tr", null,
    h("th", { scope: "row" }, usage.project === null ? words.nobody : h("a", { href: address("images", null, { owner: usage.project }) }, usage.project)),
    COLUMNS.map(([key, name, show]) => h("td", { key }, h(Amount, { amount: usage[key], show, label: `${name}: ${usage.project ?? words.nobody}` }))));
}

function Amount({ amount, show, label }) {
  if (amount.limit === null) {
    return show(amount.used);
  }
  const used = percent(amount.used, amount.limit);
  return h("div", { class: `progress ${used >= 90 ? "scarce" : ""}` }, h("progress", { max: 100, value: used, "aria-label": label }),
    h("span", { class: "figures" }, words.amount(show(amount.used), show(amount.limit))));
}
