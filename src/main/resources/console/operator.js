import { h } from "preact";
import { api } from "./api.js";
import { Button, Empty, Loaded, Time } from "./controls.js";
import { bytes, duration } from "./format.js";
import { Plots } from "./plots.js";
import { Projects } from "./projects.js";
import { address } from "./route.js";
import { Steps } from "./steps.js";
import { useLoaded, useRepeated } from "./store.js";
import { Stores } from "./stores.js";
import { texts } from "./texts.js";

const AGAIN_MILLIS = 10_000;

/** How the service is. What the catalog tells is that of all processes, the rest is of the one that answers. */
export function OperatorPage() {
  const status = useLoaded(signal => api.status("", signal), []);
  const stores = useLoaded(signal => api.status("/stores", signal), []);
  const projects = useLoaded(signal => api.status("/projects", signal), []);
  const reload = () => [status, stores, projects].forEach(each => each.reload());
  useRepeated(() => [status, stores].forEach(each => each.reload()), AGAIN_MILLIS);
  if (status.phase === "failed" && status.failure.status === 403) {
    return h(Empty, { title: texts.troubles.forbidden }, h("p", null, texts.service.forbidden), h("p", null, status.failure.message));
  }
  return h("section", { "aria-labelledby": "title" },
    h("div", { class: "heading" }, h("h1", { id: "title" }, texts.pages.service), h(Button, { onClick: reload }, texts.list.reload)),
    h(Loaded, { state: status }, ({ node, queue, cache }) => h("div", null,
      h(Node, { node }),
      h("div", { class: "stack" },
        h(Stores, { state: stores }), h(Plots),
        h("div", { class: "columns" }, h("div", null, h(Queue, { queue })), h("div", null, h(Cache, { cache }))),
        h(Projects, { state: projects })))));
}

function Node({ node }) {
  const seconds = (Date.now() - new Date(node.started_at)) / 1000;
  return h("p", { class: "hint" }, texts.service.node(node.name, node.version, duration(seconds)), " ", texts.service.ofAll);
}

function Queue({ queue }) {
  const rows = [[texts.service.waiting, queue.waiting], [texts.service.running, queue.running], [texts.service.workers, queue.workers],
    [texts.service.oldestTask, queue.waiting ? duration(queue.oldest_seconds) : "–"]];
  return h("section", { class: "card" }, h("h2", null, texts.service.queue),
    h("dl", null, rows.map(([name, value]) => h("div", { key: name }, h("dt", null, name), h("dd", null, value)))),
    queue.tasks.length === 0 ? h("p", { class: "hint" }, texts.service.idle) : queue.tasks.map(task => h(Task, { task, key: task.id })));
}

function Task({ task }) {
  return h("div", { class: "task" },
    h("p", null, h("strong", null, texts.tasks[task.type] ?? task.type), " ", h("span", { class: `status ${task.status}` }, texts.taskStatuses[task.status] ?? task.status),
      " ", h("span", { class: "hint" }, h(Time, { value: task.created_at }))),
    task.image_id && h("p", null, h("a", { href: address("images", task.image_id) }, task.image_id)),
    task.owner && h("p", { class: "hint" }, h("code", null, task.owner)),
    task.message && h("p", { class: "hint" }, task.message),
    h(Steps, { steps: task.progress }));
}

function Cache({ cache }) {
  return h("section", { class: "card" }, h("h2", null, texts.service.cache),
    cache === null ? h("p", { class: "hint" }, texts.service.cacheOff)
      : h("dl", null,
        h("div", null, h("dt", null, texts.service.cached), h("dd", null, cache.images)),
        h("div", null, h("dt", null, texts.service.cacheSize), h("dd", null, texts.service.cacheOf(bytes(cache.bytes), bytes(cache.max_bytes))))));
}
