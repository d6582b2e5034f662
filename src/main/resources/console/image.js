import { h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Actions } from "./actions.js";
import { Activity } from "./activity.js";
import { api } from "./api.js";
import { Audit } from "./audit.js";
import { Commands } from "./commands.js";
import { Copy, Empty, Loaded, Status, Time } from "./controls.js";
import { watch } from "./events.js";
import { bytes } from "./format.js";
import { Properties } from "./properties.js";
import { address } from "./route.js";
import { Sharing } from "./sharing.js";
import { useLoaded } from "./store.js";
import { Tags } from "./tags.js";
import { texts } from "./texts.js";

export function ImagePage({ id }) {
  const image = useLoaded(signal => api.image(id, signal), [id]);
  return h("section", { "aria-labelledby": "title" },
    h("p", { class: "back" }, h("a", { href: address("images") }, texts.image.back)),
    h(Loaded, { state: image }, value => h(Shown, { image: value, reload: image.reload, put: image.put })));
}

/**
 * Follows what happens to an image: its tasks, and whether it is gone. The rest is loaded anew when its status changes.
 */
function useEvents(image, reload) {
  const [tasks, setTasks] = useState({});
  const [isGone, setGone] = useState(false);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    api.tasks(image.id, stop.signal).then(found => setTasks(known => ({ ...Object.fromEntries(found.map(task => [task.id, task])), ...known })), () => {});
    let last = image.status;
    const tell = (name, data) => {
      if (name === "task") {
        setTasks(known => ({ ...known, [data.id]: { ...known[data.id], ...data } }));
      } else if (name === "image" && (data.status !== last || data.size !== image.size)) {
        last = data.status;
        reload();
      }
    };
    watch(image.id, tell, stop.signal).then(reason => stop.signal.aborted || (reason === "deleted" && setGone(true)));
    return () => stop.abort();
  }, [image.id, round]);
  return { tasks: Object.values(tasks).sort((a, b) => (b.created_at ?? "").localeCompare(a.created_at ?? "")), isGone, follow: () => setRound(count => count + 1) };
}

function Shown({ image, reload, put }) {
  const events = useEvents(image, reload);
  if (events.isGone) {
    return h(Empty, { title: texts.image.gone }, h("a", { class: "button", href: address("images") }, texts.image.back));
  }
  const changed = () => {
    reload();
    events.follow();
  };
  return h("div", null,
    h("div", { class: "heading" },
      h("div", { class: "name" }, h("h1", { id: "title" }, image.name || texts.unnamed),
        h("p", { class: "id" }, h(Status, { value: image.status }), h("code", null, image.id), h(Copy, { text: image.id, label: texts.image.id }))),
      h(Actions, { image, onChange: changed })),
    h("div", { class: "columns" },
      h("div", null, h(Details, { image }), h(Properties, { image, put }), h(Tags, { image, reload })),
      h("div", null, h(Activity, { tasks: events.tasks, status: image.status }), h(Sharing, { image }), h(Digests, { image }), h(Places, { image }), h(Commands, { image }), h(Audit, { image }))));
}

function Details({ image }) {
  const rows = [
    [texts.columns.size, bytes(image.size)], [texts.image.virtualSize, bytes(image.virtual_size)],
    [texts.columns.format, [image.disk_format, image.container_format].filter(Boolean).join(" / ") || "–"],
    [texts.columns.visibility, texts.visibilities[image.visibility] ?? image.visibility], [texts.filters.owner, image.owner ?? "–"],
    [texts.image.minimum, texts.image.minimumOf(image.min_disk, image.min_ram)], [texts.image.protected, image.protected ? texts.yes : texts.no],
    [texts.image.hidden, image.os_hidden ? texts.yes : texts.no], [texts.image.created, h(Time, { value: image.created_at })],
    [texts.columns.updated, h(Time, { value: image.updated_at })]];
  return h("section", { class: "card" }, h("h2", null, texts.image.details),
    h("dl", null, rows.map(([name, value]) => h("div", { key: name }, h("dt", null, name), h("dd", null, value)))));
}

function Digests({ image }) {
  const digests = [["MD5", image.checksum], [(image.os_hash_algo ?? "").toUpperCase(), image.os_hash_value]].filter(([, value]) => value);
  return digests.length > 0 && h("section", { class: "card" }, h("h2", null, texts.image.digests),
    digests.map(([name, value]) => h("div", { class: "digest", key: name }, h("span", { class: "label" }, name), h("code", null, value), h(Copy, { text: value, label: name }))));
}

/** Where the data lies, as far as the deployment shows that. */
function Places({ image }) {
  const stores = (image.stores ?? "").split(",").filter(Boolean);
  const locations = image.locations ?? [];
  return stores.length + locations.length > 0 && h("section", { class: "card" }, h("h2", null, texts.image.stores),
    h("p", null, stores.map(store => h("span", { class: "tag", key: store }, store))),
    locations.map(({ url }) => h("div", { class: "digest", key: url }, h("code", null, url), h(Copy, { text: url, label: texts.image.location }))));
}
