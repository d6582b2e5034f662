import { h } from "preact";
import { useState } from "preact/hooks";
import { api } from "./api.js";
import { Button, Field, Notice, useWork } from "./controls.js";
import { fault, initial } from "./definition.js";
import { DefinedProperty, DefinedValue } from "./definitions.js";
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
    ...Object.keys(before).filter(key => !Object.hasOwn(after, key)).map(key => ({ op: "remove", path: pointer(key) })),
    ...Object.entries(after).filter(([key, value]) => !Object.hasOwn(before, key) || before[key] !== value).map(([key, value]) => ({ op: Object.hasOwn(before, key) ? "replace" : "add", path: pointer(key), value })),
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
  const [schemas, setSchemas] = useState(new Map());
  const [isChecked, setChecked] = useState(false);
  const work = useWork();
  const faultOf = row => schemas.has(row.key) ? fault(schemas.get(row.key), row.value, texts.definitions.faults) : null;
  const known = found => setSchemas(before => new Map([...before, ...found]));
  const addDefined = (key, schema) => rows.some(row => row.key === key) || setRows([...rows, { id: ++count, key, value: initial(schema) }]);
  const set = (key, value) => setFields({ ...fields, [key]: value });
  const change = (id, part) => setRows(rows.map(row => row.id === id ? { ...row, ...part } : row));
  const number = (key, label) => h(Field, { label },
    h("input", { type: "number", min: 0, value: fields[key], onInput: event => set(key, event.currentTarget.valueAsNumber || 0) }));
  const flag = (key, label) => h("label", { class: "check" }, h("input", { type: "checkbox", checked: fields[key], onChange: event => set(key, event.currentTarget.checked) }), label);
  const save = event => {
    event.preventDefault();
    setChecked(true);
    if (rows.some(faultOf)) {
      const form = event.currentTarget;
      requestAnimationFrame(() => form.querySelector("[aria-invalid=true]")?.focus());
      return;
    }
    work.run(async () => {
      const operations = difference(image, fields, rows);
      if (operations.length > 0) {
        put(await api.patch(image.id, operations));
      }
      onClose();
    });
  };
  return h("form", { onSubmit: save, noValidate: true },
    h("div", { class: "choices" },
      h(Field, { label: texts.upload.name, class: "wide" }, h("input", { type: "text", value: fields.name ?? "", maxLength: 255, onInput: event => set("name", event.currentTarget.value) })),
      number("min_disk", texts.properties.minDisk), number("min_ram", texts.properties.minRam), flag("protected", texts.image.protected), flag("os_hidden", texts.image.hidden)),
    h("div", { class: "rows" }, rows.map(row => h(Row, {
      key: row.id, row, schema: schemas.get(row.key), fault: isChecked && faultOf(row), onChange: part => change(row.id, part), onRemove: () => setRows(rows.filter(each => each.id !== row.id)),
    }))),
    h(DefinedProperty, { onKnown: known, onAdd: addDefined }),
    work.failure && h(Notice, null, work.failure.message),
    h("div", { class: "actions" },
      h(Button, { onClick: () => setRows([...rows, { id: ++count, key: "", value: "" }]) }, texts.properties.add),
      h(Button, { onClick: onClose }, texts.cancel), h("button", { type: "submit", class: "button primary", disabled: work.isBusy }, texts.save)));
}

/** A property that is edited: as its definition says if that is known, else as any text. */
function Row({ row, schema, fault: reason, onChange, onRemove }) {
  const setValue = value => onChange({ value });
  return h("div", { class: "row" },
    h("input", { type: "text", value: row.key, "aria-label": texts.properties.key, placeholder: texts.properties.key, onInput: event => onChange({ key: event.currentTarget.value }) }),
    schema ? h(DefinedValue, { schema, property: row.key, value: row.value, fault: reason, id: `value-${row.id}`, onChange: setValue })
      : h("input", { type: "text", value: row.value, "aria-label": `${texts.properties.value} ${row.key}`, placeholder: texts.properties.value, onInput: event => setValue(event.currentTarget.value) }),
    h(Button, { kind: "small", "aria-label": `${texts.remove} ${row.key}`, onClick: onRemove }, texts.remove));
}
