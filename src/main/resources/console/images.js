import { h } from "preact";
import { useState } from "preact/hooks";
import { api } from "./api.js";
import { Button, Empty, Field, Loaded, Select, Status, Time } from "./controls.js";
import { bytes } from "./format.js";
import { address, go } from "./route.js";
import { useLoaded } from "./store.js";
import { texts } from "./texts.js";

const PAGE_SIZE = 50;
const STATUSES = ["active", "queued", "saving", "uploading", "importing", "deactivated", "killed"];
const VISIBILITIES = ["public", "community", "shared", "private", "all"];
const FORMATS = ["raw", "qcow2", "vmdk", "vhd", "vhdx", "vdi", "iso", "luks", "gpt", "ploop", "ami", "aki", "ari"];
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DIGEST = /^(sha256|sha512|md5):[0-9a-f]+$/i;

/** The parameters of the API for what the address of the page asks for. */
function parameters({ find, status, visibility, format, tag, owner, hidden, sort, marker }) {
  const exact = !find ? {} : ID.test(find) ? { id: find.toLowerCase() } : DIGEST.test(find) ? { digest: find.toLowerCase() } : { name: `eq:${find}` };
  const given = {
    ...exact, status: status && `eq:${status}`, visibility, disk_format: format && `eq:${format}`, tag, owner, os_hidden: hidden && "true",
    sort: sort ?? "created_at:desc", marker, limit: PAGE_SIZE,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value));
}

export function ImagesPage({ query }) {
  const [typed, setTyped] = useState(query.find ?? "");
  const wanted = parameters(query);
  const list = useLoaded(signal => api.images(wanted, signal), [JSON.stringify(wanted)]);
  const isFiltered = Object.keys(query).some(key => !["sort", "marker"].includes(key));
  return h("section", { "aria-labelledby": "title" },
    h("div", { class: "heading" }, h("h1", { id: "title" }, texts.pages.images),
      h("div", { class: "buttons" }, h(Button, { onClick: list.reload }, texts.list.reload), h("a", { class: "button primary", href: address("upload") }, texts.list.add))),
    h(Filters, { query, typed, setTyped }),
    h(Loaded, { state: list }, page => page.images.length === 0
      ? h(Nothing, { isFiltered })
      : h(Table, { page, query, typed: query.find === typed ? "" : typed })));
}

function Nothing({ isFiltered }) {
  return isFiltered
    ? h(Empty, { title: texts.list.noMatch }, h("p", null, texts.list.noMatchHint), h("a", { class: "button", href: address("images") }, texts.list.clear))
    : h(Empty, { title: texts.list.none }, h("p", null, texts.list.noneHint), h("a", { class: "button primary", href: address("upload") }, texts.list.add));
}

function Filters({ query, typed, setTyped }) {
  const set = fields => go("images", null, { ...query, marker: "", ...fields });
  const choice = (key, values, names = {}) => h(Field, { label: texts.filters[key] },
    h(Select, { value: query[key] ?? "", onChange: value => set({ [key]: value }), options: [["", texts.filters.any], ...values.map(value => [value, names[value] ?? value])] }));
  const text = key => h(Field, { label: texts.filters[key] }, h("input", { type: "text", value: query[key] ?? "", onChange: event => set({ [key]: event.currentTarget.value.trim() }) }));
  const search = event => {
    event.preventDefault();
    set({ find: typed.trim() });
  };
  return h("form", { class: "filters", role: "search", onSubmit: search },
    h(Field, { label: texts.filters.find, class: "wide" },
      h("input", { type: "search", value: typed, placeholder: texts.filters.findHint, onInput: event => setTyped(event.currentTarget.value) })),
    choice("status", STATUSES, texts.statuses), choice("visibility", VISIBILITIES, texts.visibilities), choice("format", FORMATS), text("tag"), text("owner"),
    h(Button, { type: "submit" }, texts.filters.search));
}

const COLUMNS = [["name", "name"], ["status", "status"], ["size", "size"], ["disk_format", "format"], [null, "visibility"], ["updated_at", "updated"]];

function Table({ page, query, typed }) {
  const text = typed.trim().toLowerCase();
  const rows = page.images.filter(image => !text || `${image.name ?? ""} ${image.id}`.toLowerCase().includes(text));
  return h("div", null,
    h("table", { class: "images" }, h("caption", { class: "unseen" }, texts.pages.images),
      h("thead", null, h("tr", null, COLUMNS.map(([key, name]) => h(Heading, { key: name, field: key, name, query })))),
      h("tbody", null, rows.map(image => h(Row, { image, key: image.id })))),
    rows.length === 0 && h("p", { class: "hint" }, texts.list.noneHere),
    h("div", { class: "pages" }, h("span", { role: "status" }, texts.list.shown(rows.length)),
      query.marker && h("a", { class: "button", href: address("images", null, { ...query, marker: "" }) }, texts.list.first),
      page.next && h("a", { class: "button", href: address("images", null, { ...query, marker: new URLSearchParams(page.next.split("?")[1]).get("marker") }) }, texts.list.next)));
}

function Heading({ field, name, query }) {
  const [key, direction] = (query.sort ?? "created_at:desc").split(":");
  const isSorted = key === field;
  const next = isSorted && direction === "asc" ? "desc" : "asc";
  return h("th", { scope: "col", class: name, "aria-sort": isSorted ? (direction === "asc" ? "ascending" : "descending") : undefined },
    field ? h("a", { href: address("images", null, { ...query, marker: "", sort: `${field}:${next}` }) }, texts.columns[name],
      h("span", { "aria-hidden": "true" }, isSorted ? (direction === "asc" ? " ↑" : " ↓") : "")) : texts.columns[name]);
}

function Row({ image }) {
  return h("tr", null,
    h("th", { scope: "row", class: "name" }, h("a", { href: address("images", image.id) }, image.name || texts.unnamed),
      h("span", { class: "tags" }, image.tags.slice(0, 4).map(tag => h("span", { class: "tag", key: tag }, tag)))),
    h("td", { class: "status" }, h(Status, { value: image.status })),
    h("td", { class: "size" }, bytes(image.size)),
    h("td", { class: "format" }, image.disk_format ?? "–"),
    h("td", { class: "visibility" }, texts.visibilities[image.visibility] ?? image.visibility),
    h("td", { class: "updated" }, h(Time, { value: image.updated_at })));
}
