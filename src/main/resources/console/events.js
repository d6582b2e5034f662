// Follows what happens to an image, by Server-Sent Events. The token is in a header, so the stream is read by fetch.
import { ask } from "./api.js";

const FIRST_PAUSE_MILLIS = 1000;
const LONGEST_PAUSE_MILLIS = 30_000;

const pause = (millis, signal) => new Promise(resolve => {
  const timer = setTimeout(resolve, millis);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    resolve();
  });
});

/** Reads one stream to its end and answers why it ended. */
async function read(id, tell, signal) {
  const answer = await ask("GET", `v2/images/${encodeURIComponent(id)}/events`, { signal, headers: { Accept: "text/event-stream" } });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return "broken";
    }
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const name = /^event: (.*)$/m.exec(event)?.[1];
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (name === "end") {
        return JSON.parse(data).reason;
      }
      if (name && data) {
        tell(name, JSON.parse(data));
      }
    }
  }
}

/**
 * Tells each event until the image is at rest or gone, and reconnects when a stream breaks.
 *
 * @return why it ended: final, deleted, stopped or refused
 */
export async function watch(id, tell, signal) {
  for (let failures = 0; !signal.aborted;) {
    let wait = FIRST_PAUSE_MILLIS;
    try {
      const reason = await read(id, (name, data) => {
        failures = 0;
        tell(name, data);
      }, signal);
      if (reason === "final" || reason === "deleted") {
        return reason;
      }
    } catch (failure) {
      if ([401, 403, 404].includes(failure.status)) {
        return failure.status === 404 ? "deleted" : "refused";
      }
      wait = Math.max(failure.retrySeconds * 1000 || 0, FIRST_PAUSE_MILLIS * 2 ** Math.min(failures, 5));
    }
    failures++;
    await pause(Math.min(wait, LONGEST_PAUSE_MILLIS), signal);
  }
  return "stopped";
}
