import { h } from "preact";
import { useState } from "preact/hooks";
import { api } from "./api.js";
import { Button, Field, Notice, useWork } from "./controls.js";
import { address } from "./route.js";
import { texts } from "./texts.js";

export function Tags({ image, reload }) {
  const [name, setName] = useState("");
  const work = useWork();
  const add = event => {
    event.preventDefault();
    work.run(() => api.addTag(image.id, name.trim())).then(done => {
      if (done) {
        setName("");
        reload();
      }
    });
  };
  const remove = tag => work.run(() => api.removeTag(image.id, tag)).then(reload);
  return h("section", { class: "card" }, h("h2", null, texts.tags.title),
    h("ul", { class: "tags" }, image.tags.map(tag => h("li", { class: "tag", key: tag },
      h("a", { href: address("images", null, { tag }) }, tag),
      h("button", { type: "button", class: "cross", "aria-label": `${texts.remove} ${tag}`, onClick: () => remove(tag) }, "×")))),
    h("form", { class: "inline", onSubmit: add },
      h(Field, { label: texts.tags.name }, h("input", { type: "text", value: name, required: true, maxLength: 255, onInput: event => setName(event.currentTarget.value) })),
      h(Button, { type: "submit" }, texts.add)),
    work.failure && h(Notice, { onClose: work.forget }, work.failure.message));
}
