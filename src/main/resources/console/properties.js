import { h } from "preact";
import { useState } from "preact/hooks";
import { api } from "./api.js";
import { Button, Field, Notice, useWork } from "./controls.js";
import { texts } from "./texts.js";

/** What every image has; everything else is a property of its own, or the service's (os_glance_…). */
const BASE = new Set(["id", "name", "status", "visibility", "protected", "os_hidden", "owner", "size", "virtual_size", "checksum", "os_hash_algo", "os_hash_value",
  "disk_format", "container_format", "min_disk", "min_ram", "created_at", "updated_at", "tags", "file", "self", "schema", "stores", "locations", "direct_url"]);
const EDITED = ["name", "min_disk", "min_ram", "protected", "os_hidden"];

const own = image => Object.entries(image).filter(([key]) => !BASE.has(key) && !key.startsWith("os_glance_")).sort(([a], [b]) => a.localeCompare(b));
const pointer = key => "/" + key.replaceAll("~", "~0").replaceAll("/", "~1");

/** The JSON patch that makes an image what the form says. */
function difference(image, fields, rows) {
  const before = Object.fromEntries(own(image));
  const after = Object.fromEntries(rows.filter(row => row.key.trim()).map(row => [row.key.trim(), row.value]));
  return [
    ...EDITED.filter(key => fields[key] !== image[key]).map(key => ({ op: "replace", path: pointer(key), value: fields[key] })),
    ...Object.keys(before).filter(key => !(key in after)).map(key => ({ op: "remove", path: pointer(key) })),
    ...Object.entries(after).filter(([key, value]) => before[key] !== value).map(([key, value]) => ({ op: key in before ? "replace" : "add", path: pointer(key), value })),
  ];
}

export function Properties({ image, put }) {
  const [isEdited, setEdited] = useState(false);
  return h("section", { class: "card" },
    h("div", { class: "heading" }, h("h2", null, texts.properties.title), !isEdited && h(Button, { kind: "small", onClick: () => setEdited(true) }, texts.properties.edit)),
    isEdited ? h(Form, { image, put, onClose: () => setEdited(false) }) : h(List, { image }));
}

function List({ image }) {
  const rows = own(image);
  return rows.length === 0 ? h("p", { class: "hint" }, texts.properties.none)
    : h("dl", null, rows.map(([key, value]) => h("div", { key }, h("dt", null, key), h("dd", null, String(value)))));
}

let count = 0;

function Form({ image, put, onClose }) {
  const [fields, setFields] = useState(Object.fromEntries(EDITED.map(key => [key, image[key]])));
  const [rows, setRows] = useState(own(image).map(([key, value]) => ({ id: ++count, key, value: String(value) })));
  const work = useWork();
  const set = (key, value) => setFields({ ...fields, [key]: value });
  const change = (id, part) => setRows(rows.map(row => row.id === id ? { ...row, ...part } : row));
  const number = (key, label) => h(Field, { label },
    h("input", { type: "number", min: 0, value: fields[key], onInput: event => set(key, event.currentTarget.valueAsNumber || 0) }));
  const flag = (key, label) => h("label", { class: "check" }, h("input", { type: "checkbox", checked: fields[key], onChange: event => set(key, event.currentTarget.checked) }), label);
  const save = event => {
    event.preventDefault();
    work.run(async () => {
      const operations = difference(image, fields, rows);
      if (operations.length > 0) {
        put(await api.patch(image.id, operations));
      }
      onClose();
    });
  };
  return h("form", { onSubmit: save },
    h("div", { class: "choices" },
      h(Field, { label: texts.upload.name, class: "wide" }, h("input", { type: "text", value: fields.name ?? "", maxLength: 255, onInput: event => set("name", event.currentTarget.value) })),
      number("min_disk", texts.properties.minDisk), number("min_ram", texts.properties.minRam), flag("protected", texts.image.protected), flag("os_hidden", texts.image.hidden)),
    h("div", { class: "rows" }, rows.map(row => h("div", { class: "row", key: row.id },
      h("input", { type: "text", value: row.key, "aria-label": texts.properties.key, placeholder: texts.properties.key, onInput: event => change(row.id, { key: event.currentTarget.value }) }),
      h("input", { type: "text", value: row.value, "aria-label": `${texts.properties.value} ${row.key}`, placeholder: texts.properties.value, onInput: event => change(row.id, { value: event.currentTarget.value }) }),
      h(Button, { kind: "small", "aria-label": `${texts.remove} ${row.key}`, onClick: () => setRows(rows.filter(each => each.id !== row.id)) }, texts.remove)))),
    work.failure && h(Notice, null, work.failure.message),
    h("div", { class: "actions" },
      h(Button, { onClick: () => setRows([...rows, { id: ++count, key: "", value: "" }]) }, texts.properties.add),
      h(Button, { onClick: onClose }, texts.cancel), h("button", { type: "submit", class: "button primary", disabled: work.isBusy }, texts.save)));
}
