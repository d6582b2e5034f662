// Uploads that this browser has begun, by what is known of a file after a reload: its name, size and time of change.
const KEY = "vitrine.uploads";
const LONGEST_MILLIS = 7 * 24 * 3600_000;

export const keyOf = file => JSON.stringify([file.name, file.size, file.lastModified]);

function load() {
  try {
    const known = JSON.parse(localStorage.getItem(KEY)) ?? {};
    return Object.fromEntries(Object.entries(known).filter(([, each]) => Date.now() - each.at < LONGEST_MILLIS));
  } catch {
    return {};
  }
}

export const remembered = {
  /** All that have not ended, oldest first. */
  all: () => Object.entries(load()).map(([key, each]) => ({ key, ...each })).sort((a, b) => a.at - b.at),
  find: file => load()[keyOf(file)],
  keep: (file, upload) => localStorage.setItem(KEY, JSON.stringify({ ...load(), [keyOf(file)]: { ...upload, at: Date.now() } })),
  forget: key => {
    const known = load();
    delete known[key];
    localStorage.setItem(KEY, JSON.stringify(known));
  },
};
