import { h } from "preact";
import { Notice, Time } from "./controls.js";
import { Steps } from "./steps.js";
import { texts } from "./texts.js";

/** The tasks of an image, newest first, while they run and when they have ended. */
export function Activity({ tasks, status }) {
  const isBusy = ["saving", "uploading", "importing"].includes(status);
  return (tasks.length > 0 || isBusy) && h("section", { class: "card" }, h("h2", null, texts.image.activity),
    tasks.length === 0 && h("p", { class: "hint", role: "status" }, texts.image.receiving),
    tasks.map(task => h("div", { class: "task", key: task.id },
      h("p", null, h("strong", null, texts.tasks[task.type] ?? task.type), " ", h("span", { class: `status ${task.status}` }, texts.taskStatuses[task.status] ?? task.status),
        " ", h("span", { class: "hint" }, task.created_at && h(Time, { value: task.created_at }))),
      task.status === "failure" ? h(Notice, null, task.message) : task.message && h("p", { class: "hint" }, task.message),
      h(Steps, { steps: task.progress ?? [] }))));
}
