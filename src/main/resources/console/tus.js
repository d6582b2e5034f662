// An upload in several requests, by the tus protocol 1.0.0: it goes on after lost connections and restarts of the server or the page.
import { Refusal, ask, refusal, root } from "./api.js";
import { session } from "./session.js";
import { texts } from "./texts.js";

const VERSION = { "Tus-Resumable": "1.0.0" };
const SLICE_BYTES = 64 << 20;
const SILENCE_MILLIS = 60_000;
const FIRST_PAUSE_MILLIS = 500;
const LONGEST_PAUSE_MILLIS = 15_000;
/** How long an upload is tried again without a byte getting through. */
const PATIENCE_MILLIS = 30 * 60_000;

const base64 = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** Creates the upload of so many bytes for an image and answers its id. */
export async function createUpload(image, length, metadata, signal) {
  const pairs = Object.entries(metadata).map(([key, value]) => `${key} ${base64(value)}`).join(",");
  const answer = await ask("POST", `vitrine/v1/images/${encodeURIComponent(image)}/uploads`, {
    signal, headers: { ...VERSION, "Upload-Length": String(length), ...(pairs && { "Upload-Metadata": pairs }) },
  });
  // The address may name another host than the one that this page comes from, so only the id counts.
  return answer.headers.get("Location").split("/").at(-1);
}

/** How many bytes of an upload the server has. */
export async function receivedBytes(upload, signal) {
  const answer = await ask("HEAD", `vitrine/v1/uploads/${encodeURIComponent(upload)}`, { signal, headers: VERSION });
  return Number(answer.headers.get("Upload-Offset"));
}

export function endUpload(upload) {
  return ask("DELETE", `vitrine/v1/uploads/${encodeURIComponent(upload)}`, { headers: VERSION });
}

/** Sends a part from an offset and answers the next offset. XMLHttpRequest, since fetch does not tell how much has been sent. */
function sendPart(upload, part, offset, progress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let watchdog = 0;
    const end = (settle, value) => {
      clearTimeout(watchdog);
      signal.removeEventListener("abort", abort);
      settle(value);
    };
    const abort = () => request.abort();
    const watch = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(abort, SILENCE_MILLIS);
    };
    request.open("PATCH", `${root}vitrine/v1/uploads/${encodeURIComponent(upload)}`);
    Object.entries({ Accept: "application/json", ...VERSION, ...session.headers(), "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" })
      .forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.onprogress = event => {
      watch();
      progress(offset + event.loaded);
    };
    // All is sent; making it durable and checking it may take long.
    request.upload.onload = () => clearTimeout(watchdog);
    request.onload = () => request.status === 204
      ? end(resolve, Number(request.getResponseHeader("Upload-Offset")))
      : end(reject, refusal(request.status, request.responseText, request.getResponseHeader("Retry-After")));
    request.onerror = request.onabort = () => end(reject, new Refusal(0, texts.failures[0]));
    signal.addEventListener("abort", abort);
    watch();
    request.send(part);
  });
}

/** Whether the same request may succeed later. */
function isPassing(failure) {
  return failure instanceof Refusal && ([0, 401, 408, 409, 423, 429].includes(failure.status) || failure.status >= 500);
}

/** Waits, but no longer than until the network is back. */
function pause(millis, signal) {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, millis);
    addEventListener("online", done);
    signal.addEventListener("abort", done);
  });
}

/**
 * Sends what the server does not have yet of a file, however often the connection breaks.
 *
 * @param report gets { sent } while data leaves, and { trouble } when something has to be tried again
 */
export async function sendFile(upload, file, report, signal) {
  let failures = 0;
  let movedAt = Date.now();
  let furthest = -1;
  const progress = sent => {
    if (sent > furthest) {
      furthest = sent;
      movedAt = Date.now();
    }
    report({ sent });
  };
  for (;;) {
    try {
      let offset = await receivedBytes(upload, signal);
      progress(offset);
      while (offset < file.size) {
        offset = await sendPart(upload, file.slice(offset, offset + SLICE_BYTES), offset, progress, signal);
        failures = 0;
        progress(offset);
      }
      return;
    } catch (failure) {
      if (signal.aborted || !isPassing(failure) || Date.now() - movedAt > PATIENCE_MILLIS) {
        throw failure;
      }
      report({ trouble: failure.message });
      const backoff = Math.min(FIRST_PAUSE_MILLIS * 2 ** failures++, LONGEST_PAUSE_MILLIS);
      await pause(Math.max(backoff, Math.min(failure.retrySeconds * 1000, LONGEST_PAUSE_MILLIS)), signal);
    }
  }
}
