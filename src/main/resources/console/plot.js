// One plot, drawn by uPlot, which is loaded when the first one is shown. Its figures are also there as text.
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { texts } from "./texts.js";

const HEIGHT = 130;
const COLOURS = ["--line-1", "--line-2"];

/** Steps of an axis in bytes. */
const BYTES = Array.from({ length: 51 }, (none, power) => 2 ** power);

/** Counts the changes of the theme, which may come while a plot is shown. */
function useThemes() {
  const [count, draw] = useState(0);
  useEffect(() => {
    const changed = () => draw(known => known + 1);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const watcher = new MutationObserver(changed);
    watcher.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    dark.addEventListener("change", changed);
    return () => {
      watcher.disconnect();
      dark.removeEventListener("change", changed);
    };
  }, []);
  return count;
}

/** The colour of a variable of the style sheet as it is now: a canvas knows no variables. */
function colour(element, name) {
  element.style.color = `var(${name})`;
  const shown = getComputedStyle(element).color;
  element.style.color = "";
  return shown;
}

function options(element, { lines, show, isBytes }) {
  const look = { stroke: colour(element, "--soft"), grid: { stroke: colour(element, "--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui, sans-serif" };
  return {
    width: element.clientWidth, height: HEIGHT, legend: { show: false }, cursor: { show: false }, padding: [8, 4, 0, 0],
    scales: { x: { time: true }, y: { range: (plot, least, most) => [0, most > 0 ? most * 1.1 : 1] } },
    axes: [{ ...look, size: 24, space: 80, values: (plot, seconds, axis, space, step) => seconds.map(each => clock(each, step < 60)) }, { ...look, size: 74, space: 34, incrs: isBytes ? BYTES : undefined, values: (plot, values) => values.map(show) }],
    series: [{}, ...lines.map((line, index) => ({ label: line.name, stroke: colour(element, COLOURS[index]), width: 1.5, dash: index ? [5, 3] : undefined, points: { show: false } }))],
  };
}

const clock = (seconds, isExact) => new Date(seconds * 1000).toTimeString().slice(0, isExact ? 8 : 5);

export function Plot({ title, show, isBytes, times, lines }) {
  const place = useRef(null);
  const themes = useThemes();
  useEffect(() => {
    let plot;
    let isGone = false;
    let size;
    import("uplot").then(({ default: UPlot }) => {
      if (!isGone) {
        plot = new UPlot(options(place.current, { lines, show, isBytes }), [times, ...lines.map(line => line.values)], place.current);
        size = new ResizeObserver(() => plot.setSize({ width: place.current.clientWidth, height: HEIGHT }));
        size.observe(place.current);
      }
    });
    return () => {
      isGone = true;
      size?.disconnect();
      plot?.destroy();
    };
  }, [themes, times[0], times.at(-1), lines[0].values.at(-1)]);
  return h("figure", { class: "plot" },
    h("figcaption", null, h("strong", null, title),
      h("ul", null, lines.map((line, index) => h("li", { key: line.name }, h("span", { class: `mark mark-${index + 1}`, "aria-hidden": "true" }),
        `${line.name} ${show(line.values.at(-1))}, ${texts.service.highest(show(Math.max(...line.values)))}`)))),
    h("div", { ref: place, class: "canvas", "aria-hidden": "true" }));
}
