import { h } from "preact";
import { useState } from "preact/hooks";
import { api, root } from "./api.js";
import { Button, Dialog, Field, Notice, Select, useWork } from "./controls.js";
import { go } from "./route.js";
import { session } from "./session.js";
import { texts } from "./texts.js";

const VISIBILITIES = ["private", "shared", "community", "public"];

/** The URL by which the browser downloads: where there are tokens, a ticket for a single use stands in for them. */
async function downloadUrl(image) {
  if (session.state.value.kind === "none") {
    return `${root}v2/images/${image.id}/file`;
  }
  const ticket = await api.ticket(image.id, { method: "download", expires_in: 300, single_use: true });
  return `${root}vitrine/v1/tickets/${encodeURIComponent(ticket.url.split("/").at(-1))}`;
}

async function download(image) {
  const link = document.createElement("a");
  link.href = await downloadUrl(image);
  link.download = `${image.id}.${image.disk_format}`;
  link.click();
}

/** What can be done to an image as a whole. */
export function Actions({ image, onChange }) {
  const [question, setQuestion] = useState(null);
  const work = useWork();
  const close = () => setQuestion(null);
  const act = name => () => work.run(() => api.act(image.id, name)).then(onChange);
  return h("div", { class: "buttons" },
    image.status === "active" && h(Button, { onClick: () => work.run(() => download(image)) }, texts.actions.download),
    h(Button, { onClick: () => setQuestion("visibility") }, texts.actions.visibility),
    image.status === "active" && h(Button, { onClick: act("deactivate") }, texts.actions.deactivate),
    image.status === "deactivated" && h(Button, { onClick: act("reactivate") }, texts.actions.reactivate),
    h(Button, { kind: "danger", onClick: () => setQuestion("delete") }, texts.actions.delete),
    work.failure && h(Notice, { onClose: work.forget }, work.failure.message),
    question === "visibility" && h(VisibilityDialog, { image, onChange, onClose: close }),
    question === "delete" && h(Dialog, { title: texts.actions.deleteTitle, action: texts.actions.delete, kind: "danger", onClose: close,
      onDo: () => api.remove(image.id).then(() => go("images")) },
    h("p", null, texts.actions.deleteHint), h("p", null, h("strong", null, image.name || image.id)),
    image.protected && h(Notice, { kind: "note" }, texts.actions.isProtected)));
}

function VisibilityDialog({ image, onChange, onClose }) {
  const [value, setValue] = useState(image.visibility);
  const apply = () => api.patch(image.id, [{ op: "replace", path: "/visibility", value }]).then(onChange);
  return h(Dialog, { title: texts.actions.visibility, action: texts.save, onDo: apply, onClose },
    h(Field, { label: texts.columns.visibility, hint: texts.visibilityHints[value] },
      h(Select, { value, onChange: setValue, options: VISIBILITIES.map(name => [name, texts.visibilities[name]]) })));
}
