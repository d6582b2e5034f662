// Uploads that this browser has begun, by what is known of a file after a reload: its name, size and time of change.
import { session } from "./session.js";

/** Each user of this browser has uploads of its own. */
const place = () => ["vitrine.uploads", session.state.value.user].filter(Boolean).join(".");
const LONGEST_MILLIS = 7 * 24 * 3600_000;

export const keyOf = file => JSON.stringify([file.name, file.size, file.lastModified]);

function load() {
  try {
    const known = JSON.parse(localStorage.getItem(place())) ?? {};
    return Object.fromEntries(Object.entries(known).filter(([, each]) => Date.now() - each.at < LONGEST_MILLIS));
  } catch {
    return {};
  }
}

export const remembered = {
  /** All that have not ended, oldest first. */
  all: () => Object.entries(load()).map(([key, each]) => ({ key, ...each })).sort((a, b) => a.at - b.at),
  find: file => load()[keyOf(file)],
  keep: (file, upload) => localStorage.setItem(place(), JSON.stringify({ ...load(), [keyOf(file)]: { ...upload, at: Date.now() } })),
  forget: key => {
    const known = load();
    delete known[key];
    localStorage.setItem(place(), JSON.stringify(known));
  },
};
