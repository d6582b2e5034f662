// What a metadata definition says of a property: which values it takes, and how they are entered.

/** The properties of a namespace by their keys, those of its objects included, ordered by title. */
export function definedProperties(namespace) {
  const parts = [namespace.properties, ...(namespace.objects ?? []).map(object => object.properties)];
  const found = new Map(parts.flatMap(part => Object.entries(part ?? {})));
  return [...found].sort(([a, first], [b, second]) => (first.title || a).localeCompare(second.title || b));
}

/** The values to choose from, if there are only some. */
export function choices(schema) {
  return schema.type === "boolean" ? ["true", "false"] : schema.type === "array" ? [] : (schema.enum ?? []).map(String);
}

/** The value to begin with, as properties of images are texts. */
export function initial(schema) {
  const given = schema.default;
  if (given === undefined || given === null) {
    return choices(schema)[0] ?? "";
  }
  return Array.isArray(given) ? given.join(",") : String(given);
}

/**
 * Why a text is no value of the property; null if it is one.
 *
 * @param words makes the reasons
 */
export function fault(schema, text, words) {
  if (schema.type === "array") {
    return list(schema, text.split(",").map(part => part.trim()).filter(Boolean), words);
  }
  if (choices(schema).length > 0 && !choices(schema).includes(schema.type === "boolean" ? text.toLowerCase() : text)) {
    return words.noChoice(choices(schema).join(", "));
  }
  if (schema.type === "integer" || schema.type === "number") {
    return number(schema, text.trim(), words);
  }
  return schema.type === "boolean" ? null : string(schema, text, words);
}

function list(schema, items, words) {
  const allowed = (schema.items?.enum ?? []).map(String);
  const wrong = allowed.length > 0 && items.find(item => !allowed.includes(item));
  return wrong ? words.noChoice(allowed.join(", "))
    : items.length < (schema.minItems ?? 0) ? words.fewItems(schema.minItems)
      : items.length > (schema.maxItems ?? Infinity) ? words.manyItems(schema.maxItems)
        : schema.uniqueItems && new Set(items).size < items.length ? words.twice : null;
}

function number(schema, text, words) {
  const value = Number(text);
  return text === "" || !Number.isFinite(value) ? words.noNumber
    : schema.type === "integer" && !Number.isInteger(value) ? words.noInteger
      : value < (schema.minimum ?? -Infinity) ? words.small(schema.minimum)
        : value > (schema.maximum ?? Infinity) ? words.large(schema.maximum) : null;
}

function string(schema, text, words) {
  return text.length < (schema.minLength ?? 0) ? words.short(schema.minLength)
    : text.length > (schema.maxLength ?? Infinity) ? words.long(schema.maxLength)
      : schema.pattern && !matches(schema.pattern, text) ? words.noMatch(schema.pattern) : null;
}

/** Definitions may have patterns that are none here; those forbid nothing. */
function matches(pattern, text) {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return true;
  }
}
