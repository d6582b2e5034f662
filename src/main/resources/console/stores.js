import { h } from "preact";
import { Time } from "./controls.js";
import { bytes, percent } from "./format.js";
import { Part } from "./part.js";
import { texts } from "./texts.js";

const words = texts.service;

/** The stores: whether they work, their room, what they hold and what reading that again has shown. */
export function Stores({ state }) {
  return h(Part, { title: words.stores, state }, ({ stores }) => h("div", { class: "wide-table", tabIndex: 0, role: "region", "aria-label": words.stores },
    h("table", { class: "plain" }, h("caption", { class: "unseen" }, words.stores),
      h("thead", null, h("tr", null, [words.store, words.health, words.room, words.holds, words.scrub].map(name => h("th", { scope: "col", key: name }, name)))),
      h("tbody", null, stores.map(store => h(Store, { store, key: store.id }))))));
}

function Store({ store }) {
  return h("tr", null,
    h("th", { scope: "row" }, h("strong", null, store.id), " ", h("span", { class: "tag" }, store.type)),
    h("td", null, h(Health, { health: store.health })),
    h("td", null, h(Room, { room: store.room, store: store.id })),
    h("td", null, words.images(store.blobs, bytes(store.bytes))),
    h("td", null, h(Scrub, { scrub: store.scrub, blobs: store.blobs })));
}

function Health({ health }) {
  const isUp = health.state === "up";
  return [h("span", { class: `status ${isUp ? "success" : "failure"}` }, words.states[health.state]),
    !isUp && h("p", { class: "hint" }, words.reasons[health.reason] ?? health.reason, ", ", h(Time, { value: health.since }))];
}

function Room({ room, store }) {
  if (room === null) {
    return words.unknown;
  }
  const used = percent(room.total_bytes - room.free_bytes, room.total_bytes);
  return h("div", { class: `progress ${used >= 90 ? "scarce" : ""}` }, h("progress", { max: 100, value: used, "aria-label": `${words.room}: ${store}` }),
    h("span", { class: "figures" }, words.roomOf(bytes(room.free_bytes), bytes(room.total_bytes))));
}

function Scrub({ scrub, blobs }) {
  const bad = [scrub.missing > 0 && words.missing(scrub.missing), scrub.damaged > 0 && words.damaged(scrub.damaged)].filter(Boolean);
  const rest = [
    bad.length === 0 && blobs > 0 && scrub.unread < blobs && words.allSound, scrub.unread > 0 && words.unread(scrub.unread),
    scrub.orphans > 0 && words.orphans(scrub.orphans, bytes(scrub.orphan_bytes))].filter(Boolean);
  return [bad.map(text => h("span", { class: "status failure", key: text }, text)),
    h("p", { class: "hint" }, rest.join(", ") || "–"),
    scrub.oldest_at && h("p", { class: "hint" }, words.oldest, " ", h(Time, { value: scrub.oldest_at }))];
}
