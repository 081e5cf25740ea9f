/** Which figures there are, what each shows, and how to read it. */

import { chanceChart, statesChart } from "../charts/curves";
import { capital, fanChart, lastMoving } from "../charts/fan";
import { type Apart, forestChart } from "../charts/forest";
import { varianceChart } from "../charts/bars";
import { spreadChart, spreadOutcomes } from "../charts/histogram";
import type { Chart, Pair, Setting } from "../charts/shown";
import type { Scenario } from "../document";
import { Cursor } from "./cursor";
import { Figure, type FigureOptions } from "./figure";

/** A figure, with what moves along with it. */
export interface Living {
  figure: Figure;
  show(pair: Pair): void;
}

const BAND = "The line is the median, half of the replications lie in the darker band, nine in ten in the pale one.";

/** Make the figure of a kind; undefined if the scenario has nothing of that kind. */
export function livingFigure(kind: string, scenario: Scenario, setting: Setting, note: () => string): Living | undefined {
  if (kind === "by_date") return chances(scenario, setting, note);
  const make = MAKERS[kind];
  const options = make?.(scenario, setting);
  if (!options) return undefined;
  const figure = new Figure({ ...options, id: kind, note });
  return { figure, show: (pair) => figure.show(pair) };
}

type Made = Omit<FigureOptions, "id" | "note"> | undefined;

/** Attacks have bands in every scenario, and outcomes where one can happen. */
const canBeAttacked = ({ bands, outcomes }: Scenario): boolean => bands["attacks"] !== undefined && outcomes.some(({ name }) => name === "attacks_total");

const MAKERS: { [kind: string]: (scenario: Scenario, setting: Setting) => Made } = {
  troops: (scenario, setting) =>
    scenario.bands["troops"] && {
      title: "Troops by theatre",
      caption: `${BAND} Dots: the plan, if nothing disturbs it.`,
      printed: 2,
      chart: ({ base, changed }) => of(base.bands["troops"], (band) => fanChart(setting, band, changed?.bands["troops"], { label: "Troops", until: lastMoving(setting, [band, changed?.bands["troops"]]) })),
    },
  attacks: (scenario, setting) =>
    !canBeAttacked(scenario) ? undefined : {
      title: "Attacks by week",
      caption: "Attacks in each week. The line is the mean of all replications. Half of the replications lie in the darker band, nine in ten in the pale one.",
      printed: 2,
      chart: ({ base, changed }) => of(base.bands["attacks"], (band) => fanChart(setting, band, changed?.bands["attacks"], { label: "Attacks a week", steps: true, height: 180, until: lastMoving(setting, [band, changed?.bands["attacks"]]) })),
    },
  threat: (scenario, setting) => {
    const { threat, host } = scenario.names;
    const titles: [string, string][] = [
      ["ratio", capital(`${threat} threat over the capability of the ${host} forces`.trim())],
      ["threat", capital(`${threat} threat`.trim())],
      ["capability", `Capability of the ${host} forces`],
    ];
    const found = titles.filter(([track]) => scenario.bands[track]);
    return found.length === 0
      ? undefined
      : {
          title: found.length === 1 ? found[0][1] : capital(`${threat} threat against the capability of the ${host} forces`.trim()),
          caption: `${found.length === 1 ? "It is" : "Both are"} 1 at the start; each step of the axis multiplies. ${BAND}`,
          printed: 3,
          chart: ({ base, changed }) => joined(found.flatMap(([track, title]) => of(base.bands[track], (band) => fanChart(setting, band, changed?.bands[track], { label: track === "ratio" ? "Ratio" : "Index", log: true, titles: [title], height: 190 })) ?? [])),
        };
  },
  talks: (scenario, setting) =>
    scenario.bands["talks"] && {
      title: "How the talks stand",
      caption: "The share of replications with the talks in each state.",
      columns: 2,
      printed: 3,
      chart: ({ base, changed }) => of(base.bands["talks"], (band) => statesChart(setting, band, changed?.bands["talks"])),
    },
  tension: (scenario, setting) =>
    scenario.bands["tension"] && {
      title: "Regional tension",
      caption: "The share of replications with high tension.",
      chart: ({ base, changed }) => of(base.bands["tension"], (band) => statesChart(setting, band, changed?.bands["tension"])),
    },
  shares: (scenario) =>
    Object.values(scenario.summary).some((entry) => entry.variance) ? {
      title: "What is due to uncertain numbers",
      caption: "The share of each outcome's variance that would be gone if the uncertain numbers were known. It is about the timeline as in the file, whatever is moved.",
      chart: () => varianceChart(scenario.summary),
    } : undefined,
  outcomes: (_, setting) => ({
    title: "How far replications differ",
    caption: "Each bar is the share of replications with an outcome in its range.",
    columns: 3,
    has: (pair) => spreadOutcomes(pair).length > 0,
    chart: (pair) => spreadChart(setting, pair, spreadOutcomes(pair)),
  }),
};

function chances(scenario: Scenario, setting: Setting, note: () => string): Living | undefined {
  if (Object.keys(scenario.chances).length === 0) return undefined;
  const cursor = new Cursor(setting, scenario.chances, () => figure.redraw());
  const figure = new Figure({
    id: "by_date",
    title: "What has happened by any date",
    caption: "The share of replications in which it has happened by the end of each day. Move the line to read a date off.",
    above: cursor.above,
    below: cursor.below,
    note,
    chart: ({ base, changed }) => of(base.chances[cursor.name], (curve) => chanceChart(setting, curve, changed?.chances[cursor.name], () => cursor.day)),
  });
  return {
    figure,
    show: (pair) => {
      cursor.show(pair);
      figure.show(pair);
    },
  };
}

/** The figure of paired differences, which has something to show once there are two timelines. */
export function differencesFigure(differences: () => Apart[], note: () => string): Living {
  const figure = new Figure({
    id: "differences",
    title: "What the change makes different",
    caption: "Mean differences, replication by replication under the same random numbers, with 95 % intervals.",
    note,
    has: ({ changed }) => changed !== undefined && differences().length > 0,
    chart: () => forestChart(differences()),
  });
  return { figure, show: (pair) => figure.show(pair) };
}

function of<T, R>(value: T | undefined, make: (value: T) => R): R | undefined {
  return value === undefined ? undefined : make(value);
}

/** Several charts as one, with the key of the first. */
function joined(charts: Chart[]): Chart | undefined {
  const first = charts[0];
  return first && { ...first, panels: charts.flatMap((chart) => chart.panels), rows: charts.flatMap((chart) => chart.rows), words: charts.map((chart) => chart.words).join(" ") };
}
