// The public API, called as the user who has signed in. Paths are relative to where the console itself is served.
import { session } from "./session.js";
import { texts } from "./texts.js";

/** The base URL of the API, with a slash at its end. */
export const root = new URL("..", location.href.split(/[?#]/)[0]).href;

const PATCH_TYPE = "application/openstack-images-v2.1-json-patch";

/** An answer that is no success, or none at all (status 0). */
export class Refusal extends Error {
  constructor(status, message, retrySeconds = 0) {
    super(message);
    this.status = status;
    this.retrySeconds = retrySeconds;
  }
}

/** The refusal that an answer stands for; its reason is plain text, whatever it contains. */
export function refusal(status, body, retryAfter) {
  let reason = "";
  try {
    reason = JSON.parse(body).message;
  } catch {
    reason = "";
  }
  reason = String(reason || "").replaceAll("<br />", " ").replace(/\s+/g, " ").trim();
  if (status === 401) {
    session.expire();
  }
  return new Refusal(status, reason || texts.failures[status] || texts.failures.other(status), Number(retryAfter) || 0);
}

/** The answer to a request; throws a Refusal unless it is a success. */
export async function ask(method, path, { json, type, headers = {}, signal } = {}) {
  const body = json === undefined ? undefined : JSON.stringify(json);
  let answer;
  try {
    answer = await fetch(root + path, {
      method, body, signal, cache: "no-store", credentials: "same-origin",
      headers: { Accept: "application/json", ...(body && { "Content-Type": type || "application/json" }), ...session.headers(), ...headers },
    });
  } catch (failure) {
    if (signal?.aborted) {
      throw failure;
    }
    throw new Refusal(0, texts.failures[0]);
  }
  if (!answer.ok) {
    throw refusal(answer.status, await answer.text().catch(() => ""), answer.headers.get("Retry-After"));
  }
  return answer;
}

async function json(method, path, options) {
  const answer = await ask(method, path, options);
  return answer.status === 204 ? null : answer.json();
}

const image = id => `v2/images/${encodeURIComponent(id)}`;

export const api = {
  images: (query, signal) => json("GET", `v2/images?${new URLSearchParams(query)}`, { signal }),
  image: (id, signal) => json("GET", image(id), { signal }),
  create: fields => json("POST", "v2/images", { json: fields }),
  patch: (id, operations) => json("PATCH", image(id), { json: operations, type: PATCH_TYPE }),
  remove: id => ask("DELETE", image(id)),
  act: (id, action) => ask("POST", `${image(id)}/actions/${action}`),
  addTag: (id, tag) => ask("PUT", `${image(id)}/tags/${encodeURIComponent(tag)}`),
  removeTag: (id, tag) => ask("DELETE", `${image(id)}/tags/${encodeURIComponent(tag)}`),
  members: async (id, signal) => (await json("GET", `${image(id)}/members`, { signal })).members,
  addMember: (id, member) => json("POST", `${image(id)}/members`, { json: { member } }),
  setMember: (id, member, status) => json("PUT", `${image(id)}/members/${encodeURIComponent(member)}`, { json: { status } }),
  removeMember: (id, member) => ask("DELETE", `${image(id)}/members/${encodeURIComponent(member)}`),
  tasks: async (id, signal) => (await json("GET", `${image(id)}/tasks`, { signal })).tasks,
  import: (id, order) => ask("POST", `${image(id)}/import`, { json: order }),
  audit: (id, marker, signal) => json("GET", `vitrine/v1/images/${encodeURIComponent(id)}/audit?limit=10${marker ? `&marker=${marker}` : ""}`, { signal }),
  ticket: (id, order) => json("POST", `vitrine/v1/images/${encodeURIComponent(id)}/tickets`, { json: order }),
  importMethods: async signal => (await json("GET", "v2/info/import", { signal }))["import-methods"].value,
  stores: async signal => (await json("GET", "v2/info/stores", { signal })).stores,
  status: (part = "", signal) => json("GET", `vitrine/v1/status${part}`, { signal }),
  namespaces: async signal => (await json("GET", "v2/metadefs/namespaces?resource_types=OS%3A%3AGlance%3A%3AImage&limit=1000&sort_key=namespace&sort_dir=asc", { signal })).namespaces,
  namespace: (name, signal) => json("GET", `v2/metadefs/namespaces/${encodeURIComponent(name)}?resource_type=OS%3A%3AGlance%3A%3AImage`, { signal }),
  schema: signal => json("GET", "v2/schemas/image", { signal }),
};
