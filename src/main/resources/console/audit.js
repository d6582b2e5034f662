import { h } from "preact";
import { useState } from "preact/hooks";
import { api } from "./api.js";
import { Button, Notice, Time, useWork } from "./controls.js";
import { useLoaded } from "./store.js";
import { texts } from "./texts.js";

/** Who has changed an image, and how, the newest change first; nothing for users who may not see that. */
export function Audit({ image }) {
  const page = useLoaded(signal => api.audit(image.id, null, signal), [image.id, image.updated_at]);
  return page.phase === "done" && page.value.records.length > 0 && h(Trail, { first: page.value, id: image.id, key: page.value.records[0].id });
}

/** The trail from its first page on. */
function Trail({ first, id }) {
  const [pages, setPages] = useState([first]);
  const work = useWork();
  const last = pages.at(-1);
  const more = () => work.run(async () => {
    const next = await api.audit(id, last.records.at(-1).id);
    setPages(known => [...known, next]);
  });
  return h("section", { class: "card" }, h("h2", null, texts.audit.title),
    h("ol", { class: "trail" }, pages.flatMap(page => page.records).map(record => h(Entry, { record, key: record.id }))),
    last.next && h(Button, { kind: "small", onClick: more, disabled: work.isBusy }, texts.audit.more),
    work.failure && h(Notice, { onClose: work.forget }, work.failure.message));
}

function Entry({ record }) {
  const { action, outcome, details } = record;
  const names = [...(details.changed ?? []), ...(details.properties ?? []), details.member, details.store, details.method].filter(Boolean);
  return h("li", null,
    h("p", null, h("strong", null, texts.audit.actions[action] ?? action), " ",
      outcome !== "done" && h("span", { class: `status ${outcome === "failed" ? "killed" : "queued"}` }, texts.audit.outcomes[outcome] ?? outcome), " ",
      h("span", { class: "hint" }, h(Time, { value: record.at }))),
    names.length > 0 && h("p", null, names.join(", ")),
    h("p", { class: "hint" }, record.user_id ?? (record.via === "service" ? texts.audit.service : texts.audit.nobody), " ", texts.audit.ways[record.via] ?? record.via, " ", record.request_id && h("code", null, record.request_id)));
}
