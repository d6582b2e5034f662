// The last hours of one process, from the samples that it keeps. New samples are asked for as they come.
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "./api.js";
import { Field, Loading, Select, Trouble } from "./controls.js";
import { bytes } from "./format.js";
import { Plot } from "./plot.js";
import { useRepeated } from "./store.js";
import { texts } from "./texts.js";

const words = texts.service;
const AGAIN_MILLIS = 10_000;
const LONGEST_SECONDS = 21_600;

const number = value => (value >= 100 ? value.toFixed(0) : String(Math.round(value * 100) / 100));
const rate = show => value => words.perSecond(show(value));
const share = value => `${Math.round(value * 100)} %`;

/** What is drawn together, and how its values are written. */
const PLOTS = [
  ["requests", ["requests", "faults"], rate(number)], ["data", ["received_bytes", "sent_bytes"], rate(bytes)], ["transfers", ["uploads", "downloads"], number],
  ["imports", ["waiting_imports", "running_imports"], number], ["cache", ["cache_hits", "cache_misses"], rate(number)], ["processor", ["processor"], share],
  ["heap", ["heap_bytes"], bytes],
];

/** Samples with later ones behind them; those of another process take their place. */
function joined(known, later) {
  if (!known || known.node !== later.node) {
    return later;
  }
  const first = later.times.at(-1) - LONGEST_SECONDS;
  const start = known.times.findIndex(time => time > first);
  const from = later.times.length === 0 ? 0 : start < 0 ? known.times.length : start;
  const join = (before, after) => [...before.slice(from), ...after];
  return { ...later, times: join(known.times, later.times), series: Object.fromEntries(Object.entries(later.series).map(([name, values]) => [name, join(known.series[name] ?? [], values)])) };
}

/** Asks for the samples of the process that answers, and again for those that follow. */
function useSamples() {
  const [state, setState] = useState({});
  const known = useRef(null);
  const load = async () => {
    try {
      const last = known.current?.times.at(-1) ?? 0;
      let later = await api.status(`/samples?after=${last}`);
      if (known.current && later.node !== known.current.node) {
        later = await api.status("/samples"); // another process has answered: its samples, from the start
      }
      known.current = joined(known.current, later);
      setState({ samples: known.current });
    } catch (failure) {
      setState({ samples: known.current, failure });
    }
  };
  useEffect(() => void load(), []);
  useRepeated(load, AGAIN_MILLIS);
  return { ...state, load };
}

export function Plots() {
  const { samples, failure, load } = useSamples();
  const [span, setSpan] = useState("7200");
  const count = samples ? samples.times.filter(time => time > samples.times.at(-1) - Number(span)).length : 0;
  return h("section", { class: "card" },
    h("div", { class: "heading" }, h("h2", null, words.plots, samples && h("span", { class: "hint" }, ` · ${samples.node}`)),
      h(Field, { label: words.span, class: "row-field" }, h(Select, { value: span, onChange: setSpan, class: "small", options: Object.entries(words.spans) }))),
    samples ? h("div", null, count === 0 ? h("p", { class: "hint" }, words.noSamples)
      : h("div", { class: "plots" }, PLOTS.map(([name, series, show]) => h(Plot, {
        key: name, title: words.plot[name], show, isBytes: ["data", "heap"].includes(name), times: samples.times.slice(-count),
        lines: series.map(each => ({ name: words.series[each], values: (samples.series[each] ?? []).slice(-count) })),
      }))))
      : failure ? h(Trouble, { failure, onRetry: load }) : h(Loading));
}
