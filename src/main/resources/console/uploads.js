// The uploads of this page, which go on whatever view is shown.
import { api } from "./api.js";
import { watch } from "./events.js";
import { probe, imageName } from "./probe.js";
import { keyOf, remembered } from "./remembered.js";
import { Store } from "./store.js";
import { texts } from "./texts.js";
import { createUpload, endUpload, receivedBytes, sendFile } from "./tus.js";

// A browser opens six connections to a server, and the views need some.
const AT_ONCE = 3;
const RATE_MILLIS = 1000;
const GONE = [404, 410];
const WORKING = ["waiting", "sending", "importing"];

export const uploads = new Store([]);
let count = 0;

function change(key, fields) {
  uploads.set(uploads.value.map(each => each.key === key ? { ...each, ...fields } : each));
}

const find = key => uploads.value.find(each => each.key === key);
const isWorking = each => WORKING.includes(each.phase);

/** Adds files, which wait for their start so that the user can look over name and format. */
export async function addFiles(files) {
  for (const file of files) {
    const known = uploads.value.find(each => keyOf(each.file) === keyOf(file));
    if (!known || ["done", "failed", "stopped"].includes(known.phase)) {
      const guess = await probe(file).catch(() => null);
      const earlier = remembered.find(file);
      const item = {
        key: ++count, file, guess, earlier, phase: guess ? "ready" : "failed", reason: guess ? "" : texts.upload.unreadable,
        name: earlier?.name ?? imageName(file), diskFormat: guess?.format ?? "raw", isImport: earlier?.isImport ?? false, store: earlier?.store ?? "",
        sent: 0, rate: 0, trouble: "",
      };
      uploads.set([...uploads.value.filter(each => each !== known), item]);
    }
  }
}

export const edit = change;

/** Starts all that are ready. */
export function startAll() {
  uploads.value.filter(each => each.phase === "ready").forEach(each => change(each.key, { phase: "waiting" }));
  startNext();
}

export function retry(key) {
  change(key, { phase: "waiting", reason: "", earlier: remembered.find(find(key).file) });
  startNext();
}

/** Takes an upload off the list. What the server has of it is removed if the user says so. */
export async function dismiss(key, isForGood) {
  const item = find(key);
  item.stop?.abort();
  uploads.set(uploads.value.filter(each => each.key !== key));
  if (isForGood) {
    await discard({ key: keyOf(item.file), ...remembered.find(item.file) });
  }
  startNext();
}

/** Gives up an upload of an earlier page: its data and its image. */
export async function discard(earlier) {
  remembered.forget(earlier.key);
  if (earlier.upload) {
    await endUpload(earlier.upload).catch(() => {});
    const image = await api.image(earlier.image).catch(() => null);
    if (image && image.status !== "active") {
      await api.remove(earlier.image).catch(() => {});
    }
  }
}

function startNext() {
  const busy = uploads.value.filter(each => ["sending", "importing"].includes(each.phase)).length;
  uploads.value.filter(each => each.phase === "waiting").slice(0, Math.max(0, AT_ONCE - busy)).forEach(run);
}

async function run(item) {
  const stop = new AbortController();
  change(item.key, { phase: "sending", stop, trouble: "" });
  try {
    const { image, upload } = await begin(item, stop.signal);
    change(item.key, { image });
    if (upload) {
      await sendFile(upload, item.file, meter(item.key), stop.signal).catch(async failure => {
        // The answer to the last part may have been lost.
        if (!GONE.includes(failure.status) || !await hasAll(item, image, stop.signal)) {
          throw failure;
        }
      });
    }
    if (item.isImport) {
      await finishImport(item, image, stop.signal);
    }
    remembered.forget(keyOf(item.file));
    change(item.key, { phase: "done", sent: item.file.size, trouble: "" });
  } catch (failure) {
    if (find(item.key)) {
      change(item.key, { phase: "failed", reason: stop.signal.aborted ? "" : failure.message, trouble: "" });
    }
  }
  startNext();
}

/** Whether the server has the whole file, though it does not know the upload any more. */
async function hasAll(item, image, signal) {
  const found = await api.image(image, signal).catch(() => null);
  return item.isImport ? found?.status === "uploading" : found?.status === "active" && found.size === item.file.size;
}

/** The image and the upload to go on with: those of an earlier try if they are still there, else new ones. No upload: all is there. */
async function begin(item, signal) {
  const earlier = remembered.find(item.file);
  let image = earlier?.image;
  if (earlier) {
    try {
      await receivedBytes(earlier.upload, signal);
      return earlier;
    } catch (failure) {
      if (!GONE.includes(failure.status)) {
        return earlier;
      }
    }
    if (await hasAll(item, image, signal)) {
      return { image };
    }
    image = (await api.image(image, signal).catch(() => null))?.status === "queued" ? image : null;
    remembered.forget(keyOf(item.file));
  }
  image ??= (await api.create({ name: item.name, disk_format: item.diskFormat, container_format: "bare" })).id;
  const metadata = { kind: item.isImport ? "stage" : "file", ...(item.store && !item.isImport && { store: item.store }) };
  const upload = await createUpload(image, item.file.size, metadata, signal);
  const begun = { image, upload, name: item.name, size: item.file.size, isImport: item.isImport, store: item.store };
  remembered.keep(item.file, begun);
  return begun;
}

async function finishImport(item, image, signal) {
  change(item.key, { phase: "importing", steps: [] });
  await api.import(image, { method: { name: "glance-direct" }, ...(item.store && { stores: [item.store] }) });
  let status = "";
  let message = "";
  await watch(image, (name, data) => {
    if (name === "image") {
      status = data.status;
    } else {
      message = data.status === "failure" ? data.message : "";
      change(item.key, { steps: data.progress });
    }
  }, signal);
  if (status !== "active") {
    throw new Error(message || texts.upload.importFailed);
  }
}

/** Takes reports of a transfer and keeps the rate, the average of the last seconds. */
function meter(key) {
  let at = Date.now();
  let from = null;
  return ({ sent, trouble }) => {
    if (trouble !== undefined) {
      change(key, { trouble, rate: 0 });
      from = null;
      return;
    }
    const passed = Date.now() - at;
    if (from === null) {
      [at, from] = [Date.now(), sent];
      change(key, { sent });
    } else if (passed >= RATE_MILLIS || sent === find(key)?.file.size) {
      const now = ((sent - from) * 1000) / Math.max(passed, 1);
      const before = find(key)?.rate ?? 0;
      [at, from] = [Date.now(), sent];
      change(key, { sent, trouble: "", rate: before ? before * 0.7 + now * 0.3 : now });
    }
  };
}

// Leaving the page would stop them. They can go on later, but only if the user chooses the files again.
addEventListener("beforeunload", event => {
  if (uploads.value.some(isWorking)) {
    event.preventDefault();
  }
});
