import { h } from "preact";
import { useRef, useState } from "preact/hooks";
import { api } from "./api.js";
import { Button, Field, Notice, Progress, Select, Status, useWork } from "./controls.js";
import { ago, bytes } from "./format.js";
import { keyOf, remembered } from "./remembered.js";
import { address, go } from "./route.js";
import { useLoaded, useStore } from "./store.js";
import { Steps } from "./steps.js";
import { texts } from "./texts.js";
import { addFiles, discard, dismiss, edit, retry, startAll, uploads } from "./uploads.js";

const FORMATS = ["raw", "qcow2", "vmdk", "vhd", "vhdx", "vdi", "iso", "luks", "gpt", "ploop", "ami", "aki", "ari"];

/** What this deployment offers: formats, ways to import, and stores. */
async function offers(signal) {
  const [schema, methods, stores] = await Promise.all([
    api.schema(signal).catch(() => null), api.importMethods(signal).catch(() => []), api.stores(signal).catch(() => [])]);
  const formats = schema?.properties?.disk_format?.enum?.filter(Boolean) ?? FORMATS;
  return { formats, methods, stores: stores.filter(store => store["read-only"] !== "true") };
}

export function UploadPage() {
  const offered = useLoaded(offers, []).value ?? { formats: FORMATS, methods: [], stores: [] };
  const items = useStore(uploads);
  const ready = items.filter(each => each.phase === "ready").length;
  return h("section", { "aria-labelledby": "title" },
    h("div", { class: "heading" }, h("h1", { id: "title" }, texts.pages.upload)),
    h(Chooser),
    items.length > 0 && h("form", { class: "uploads", onSubmit: event => {
      event.preventDefault();
      startAll();
    } },
    h("ul", null, items.map(item => h(Item, { item, offered, key: item.key }))),
    ready > 0 && h("div", { class: "actions" }, h("button", { type: "submit", class: "button primary" }, texts.upload.start(ready)))),
    h(Interrupted, { items }),
    offered.methods.includes("web-download") && h(FromUrl, { offered }));
}

function Chooser() {
  const input = useRef(null);
  return h("div", { class: "chooser" },
    h("p", null, texts.upload.drop),
    h(Button, { kind: "primary", onClick: () => input.current.click() }, texts.upload.choose),
    h("input", { ref: input, type: "file", multiple: true, class: "unseen", tabIndex: -1, "aria-label": texts.upload.choose, onChange: event => {
      addFiles([...event.currentTarget.files]);
      event.currentTarget.value = "";
    } }));
}

function Item({ item, offered }) {
  const { file, guess } = item;
  const told = [bytes(file.size), guess?.compression && texts.upload.compressed(guess.compression), guess?.virtualSize && texts.upload.virtual(bytes(guess.virtualSize)),
    item.earlier && texts.upload.continues].filter(Boolean).join(" · ");
  return h("li", { class: "upload", "data-phase": item.phase },
    h("div", { class: "file" }, h("strong", null, file.name), h("span", { class: "hint" }, told)),
    item.phase === "ready" ? h(Choices, { item, offered }) : h(Course, { item }),
    h("div", { class: "buttons" },
      item.phase === "failed" && h(Button, { onClick: () => retry(item.key) }, texts.retry),
      h(Button, { onClick: () => dismiss(item.key, ["sending", "waiting", "failed", "importing"].includes(item.phase)), "aria-label": `${closing(item)}: ${file.name}` }, closing(item))));
}

const closing = item => ["done", "ready"].includes(item.phase) ? texts.upload.remove : texts.upload.giveUp;

function Choices({ item, offered }) {
  const set = fields => edit(item.key, fields);
  const hasImport = offered.methods.includes("glance-direct");
  return h("div", { class: "choices" },
    h(Field, { label: texts.upload.name }, h("input", { type: "text", value: item.name, maxLength: 255, disabled: Boolean(item.earlier), onInput: event => set({ name: event.currentTarget.value }) })),
    h(Field, { label: texts.upload.format },
      h(Select, { value: item.diskFormat, disabled: Boolean(item.earlier), onChange: diskFormat => set({ diskFormat }), options: offered.formats.map(name => [name, name]) })),
    hasImport && h(Field, { label: texts.upload.way }, h(Select, { value: item.isImport ? "import" : "keep", disabled: Boolean(item.earlier),
      onChange: way => set({ isImport: way === "import" }), options: [["keep", texts.upload.keep], ["import", texts.upload.import]] })),
    offered.stores.length > 1 && h(Field, { label: texts.upload.store }, h(Select, { value: item.store, disabled: Boolean(item.earlier), onChange: store => set({ store }),
      options: [["", texts.upload.defaultStore], ...offered.stores.map(store => [store.id, store.id])] })));
}

/** How far an upload is. */
function Course({ item }) {
  const link = item.image && h("a", { href: address("images", item.image) }, texts.upload.show);
  switch (item.phase) {
    case "waiting":
      return h("p", null, texts.upload.waits);
    case "done":
      return h("p", null, h(Status, { value: "active" }), " ", link);
    case "failed":
      return h(Notice, null, item.reason || texts.upload.stopped);
    case "importing":
      return h("div", null, h("p", null, texts.upload.importing, " ", link), h(Steps, { steps: item.steps ?? [] }));
    default:
      return h("div", null,
        h(Progress, { label: item.file.name, part: item.sent, whole: item.file.size, rate: item.rate }),
        item.sent === item.file.size && h("p", { class: "hint" }, texts.upload.checking),
        item.trouble && h("p", { class: "warning", role: "status" }, texts.upload.again(item.trouble)));
  }
}

/** Uploads that an earlier page did not end: the browser lets go of files, so the user has to choose them again. */
function Interrupted({ items }) {
  const [, draw] = useState(0);
  const open = remembered.all().filter(each => !items.some(item => keyOf(item.file) === each.key));
  return open.length > 0 && h("section", { class: "card interrupted" }, h("h2", null, texts.upload.interrupted), h("p", { class: "hint" }, texts.upload.interruptedHint),
    h("ul", null, open.map(each => h("li", { key: each.key }, h("strong", null, JSON.parse(each.key)[0]),
      h("span", { class: "hint" }, ` ${bytes(each.size)} · ${ago(new Date(each.at).toISOString())} `),
      h(Button, { kind: "small", onClick: () => discard(each).then(() => draw(count => count + 1)) }, texts.upload.giveUp)))));
}

const EMPTY = { uri: "", name: "", format: "qcow2", digest: "", store: "" };

/** Has the server download an image. */
function FromUrl({ offered }) {
  const [form, setForm] = useState(EMPTY);
  const work = useWork();
  const input = (key, more) => h(Field, { label: texts.url[key], hint: texts.url[`${key}Hint`], class: key === "uri" || key === "digest" ? "wide" : "" },
    h("input", { type: "text", value: form[key], onInput: event => setForm({ ...form, [key]: event.currentTarget.value }), ...more }));
  const start = event => {
    event.preventDefault();
    work.run(async () => {
      const name = form.name.trim() || form.uri.split(/[?#]/)[0].split("/").at(-1);
      const image = await api.create({ name, disk_format: form.format, container_format: "bare" });
      const method = { name: "web-download", uri: form.uri.trim(), ...(form.digest.trim() && { digest: form.digest.trim() }) };
      try {
        await api.import(image.id, { method, ...(form.store && { stores: [form.store] }) });
      } catch (failure) {
        await api.remove(image.id).catch(() => {});
        throw failure;
      }
      go("images", image.id);
    });
  };
  return h("section", { class: "card" }, h("h2", null, texts.url.title), h("p", { class: "hint" }, texts.url.hint),
    h("form", { class: "choices", onSubmit: start },
      input("uri", { type: "url", required: true, pattern: "https?://.+", placeholder: "https://" }), input("name", { maxLength: 255 }),
      h(Field, { label: texts.upload.format }, h(Select, { value: form.format, onChange: format => setForm({ ...form, format }), options: offered.formats.map(name => [name, name]) })),
      input("digest", { placeholder: "sha256:…" }),
      offered.stores.length > 1 && h(Field, { label: texts.upload.store }, h(Select, { value: form.store, onChange: store => setForm({ ...form, store }),
        options: [["", texts.upload.defaultStore], ...offered.stores.map(store => [store.id, store.id])] })),
      h("button", { type: "submit", class: "button primary", disabled: work.isBusy }, texts.url.start)),
    work.failure && h(Notice, null, work.failure.message));
}
