// Where the user is: the fragment of the address, such as #/images?status=active. The server never sees it.
import { Store } from "./store.js";

function parse() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").filter(Boolean).map(part => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  return { page: parts[0] || "images", id: parts[1], query: Object.fromEntries(new URLSearchParams(query)) };
}

export const route = new Store(parse());
addEventListener("hashchange", () => route.set(parse()));

/** The address of a page; empty parameters are left out. */
export function address(page, id, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== "" && value !== undefined);
  const text = new URLSearchParams(given).toString();
  return `#/${page}${id ? "/" + encodeURIComponent(id) : ""}${text ? "?" + text : ""}`;
}

export function go(page, id, query) {
  location.hash = address(page, id, query);
}
