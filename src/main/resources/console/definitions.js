import { h } from "preact";
import { useState } from "preact/hooks";
import { api } from "./api.js";
import { Field, Select } from "./controls.js";
import { choices, definedProperties } from "./definition.js";
import { useLoaded } from "./store.js";
import { texts } from "./texts.js";

const words = texts.definitions;

/**
 * Chooses a property from the metadata definitions for images.
 *
 * @param onKnown takes pairs of a key and a definition, once a namespace is chosen
 * @param onAdd takes the key and the definition of a property
 */
export function DefinedProperty({ onKnown, onAdd }) {
  const namespaces = useLoaded(signal => api.namespaces(signal), []);
  const [name, setName] = useState("");
  const chosen = useLoaded(async signal => {
    const found = name ? definedProperties(await api.namespace(name, signal)) : [];
    onKnown(found);
    return found;
  }, [name]);
  const properties = name && chosen.phase === "done" ? chosen.value : [];
  const add = key => key && onAdd(key, properties.find(([known]) => known === key)[1]);
  const failure = namespaces.failure ?? chosen.failure;
  return h("fieldset", { class: "defined" }, h("legend", null, words.title),
    h("div", { class: "choices" },
      h(Field, { label: words.namespace },
        h(Select, { value: name, onChange: setName, options: [["", words.choose], ...(namespaces.value ?? []).map(each => [each.namespace, each.display_name || each.namespace])] })),
      h(Field, { label: words.property },
        h(Select, { value: "", disabled: properties.length === 0, onChange: add, options: [["", words.choose], ...properties.map(([key, schema]) => [key, schema.title || key])] }))),
    failure && h("p", { class: "hint", role: "status" }, failure.message));
}

/** The field for the value of a defined property, with what its definition says of it. */
export function DefinedValue({ schema, property, value, fault, id, onChange }) {
  const named = { "aria-label": `${texts.properties.value} ${property}`, "aria-invalid": fault ? "true" : undefined, "aria-describedby": id };
  const options = choices(schema);
  const known = options.includes(value) ? options : [value, ...options];
  const isNumber = schema.type === "integer" || schema.type === "number";
  const control = options.length > 0
    ? h(Select, { ...named, value, onChange, options: known.map(each => [each, each]) })
    : h("input", { ...named, type: isNumber ? "number" : "text", step: schema.type === "integer" ? 1 : "any", min: schema.minimum, max: schema.maximum, maxLength: schema.maxLength, value,
      onInput: event => onChange(event.currentTarget.value) });
  const hint = [schema.title, schema.description, bounds(schema)].filter(Boolean).join(" – ");
  return h("div", { class: "defined-value" }, control,
    h("p", { id, class: "hint" }, fault && h("strong", { class: "fault", role: "alert" }, `${fault} `), hint));
}

function bounds({ type, minimum, maximum }) {
  return type === "array" ? words.several
    : minimum !== undefined && maximum !== undefined ? words.between(minimum, maximum)
      : minimum !== undefined ? words.least(minimum) : maximum !== undefined ? words.most(maximum) : "";
}
