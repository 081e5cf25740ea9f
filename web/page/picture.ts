/** A figure as a picture of its own: title, key, panels and note in one SVG, in the colours of print. */

import type { Chart, Key } from "../charts/shown";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 960;
const MARGIN = 24;
const GAP = 24;

type Attributes = { [name: string]: string | number };

function element<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Attributes): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/** Draw a whole figure with panels in so many columns. */
export function picture(title: string, note: string, chart: Chart, columns: number): SVGSVGElement {
  const svg = element("svg", { xmlns: SVG });
  const width = (WIDTH - 2 * MARGIN - GAP * (columns - 1)) / columns;
  svg.append(element("rect", { width: "100%", height: "100%", fill: "var(--paper)" }), text(title, MARGIN, MARGIN + 14, 19, 700));
  let y = drawKey(svg, chart.key, MARGIN + 40) + 14;
  for (let i = 0; i < chart.panels.length; i += columns) {
    const row = chart.panels.slice(i, i + columns).map((panel, column) => {
      const [drawn, x] = [panel.draw(width), MARGIN + column * (width + GAP)];
      drawn.setAttribute("x", String(x));
      drawn.setAttribute("y", String(y + 20));
      svg.append(text(panel.title, x, y + 12, 13, 700), drawn);
      return Number(drawn.getAttribute("height"));
    });
    y += Math.max(...row) + 34;
  }
  svg.append(text(note, MARGIN, y + 8, 11, 400));
  const height = y + 8 + MARGIN;
  Object.entries({ viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height }).forEach(([name, value]) => svg.setAttribute(name, String(value)));
  return inPrintColours(svg);
}

function text(words: string, x: number, y: number, size: number, weight: number): SVGTextElement {
  const made = element("text", { x, y, fill: "var(--ink)", "font-family": "var(--sans)", "font-size": size, "font-weight": weight });
  made.textContent = words;
  return made;
}

/** How each look of a key is drawn, as the charts draw it. */
const SWATCHES: Record<Key["look"], Attributes> = {
  changed: { stroke: "var(--blue)" },
  base: { stroke: "var(--base)", "stroke-dasharray": "7 3" },
  plan: { stroke: "var(--ink)", "stroke-dasharray": "1.5 3" },
  interval: { stroke: "var(--ink)" },
  half: { fill: "var(--blue)", "fill-opacity": 0.45 },
  nine: { fill: "var(--blue)", "fill-opacity": 0.18 },
  "base-nine": { fill: "var(--base)", "fill-opacity": 0.09, stroke: "var(--base)", "stroke-opacity": 0.45, "stroke-width": 1 },
  recorded: { fill: "var(--ink)", "fill-opacity": 0.55 },
  bars: { fill: "var(--blue)", "fill-opacity": 0.75 },
  "base-bars": { fill: "none", stroke: "var(--base)" },
  never: { fill: "var(--never)" },
  better: { fill: "var(--better)" },
  worse: { fill: "var(--worse)" },
  differs: { fill: "var(--blue)" },
  small: { fill: "var(--muted)" },
  unclear: { fill: "none", stroke: "var(--muted)" },
};
const SYMBOLS: Partial<Record<Key["look"], string>> = {
  better: "M13 1a5 5 0 1 0 .01 0z",
  worse: "M13 0l6 6-6 6-6-6z",
  differs: "M9 2h8v8h-8z",
  small: "M9 2h8v8h-8z",
  unclear: "M13 1a5 5 0 1 0 .01 0z",
};

/** Draw what a key explains. */
export function swatch(look: Key["look"]): SVGSVGElement {
  const svg = element("svg", { width: 26, height: 12, viewBox: "0 0 26 12", "aria-hidden": "true", class: "swatch" });
  const attributes: Attributes = { "stroke-width": 2, ...SWATCHES[look] };
  if (SYMBOLS[look]) svg.append(element("path", { d: SYMBOLS[look], ...attributes }));
  else if ("fill" in attributes) svg.append(element("rect", { x: 1, y: 1, width: 24, height: 10, ...attributes }));
  else svg.append(element("line", { x1: 0, x2: 26, y1: 6, y2: 6, ...attributes }));
  return svg;
}

function drawKey(svg: SVGSVGElement, key: Key[], top: number): number {
  let [x, y] = [MARGIN, top];
  for (const { look, words } of key) {
    const width = 56 + 6.6 * words.length;
    if (x + width > WIDTH - MARGIN && x > MARGIN) [x, y] = [MARGIN, y + 20];
    const mark = swatch(look);
    mark.setAttribute("x", String(x));
    mark.setAttribute("y", String(y - 10));
    svg.append(mark, text(words, x + 34, y, 12, 400));
    x += width;
  }
  return y;
}

/** Replace variables of the style by the values that they have in print. */
function inPrintColours(svg: SVGSVGElement): SVGSVGElement {
  const sheet = document.createElement("div");
  sheet.dataset.theme = "light";
  document.body.append(sheet);
  const style = getComputedStyle(sheet);
  const value = (name: string) => style.getPropertyValue(name).trim().replaceAll('"', "'");
  const markup = new XMLSerializer().serializeToString(svg).replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) => value(name));
  sheet.remove();
  return new DOMParser().parseFromString(markup, "image/svg+xml").documentElement as unknown as SVGSVGElement;
}

/** An SVG as text. */
export function markup(svg: SVGSVGElement): string {
  return new XMLSerializer().serializeToString(svg);
}

/** An SVG as a PNG, with two pixels for each of its own. */
export async function png(svg: SVGSVGElement): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([markup(svg)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((kept, failed) => canvas.toBlob((blob) => (blob ? kept(blob) : failed(new Error("this browser makes no PNG")))));
  } finally {
    URL.revokeObjectURL(url);
  }
}
