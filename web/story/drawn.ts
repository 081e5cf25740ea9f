/** The uncertain numbers that a replication drew. */

import { dateOn, dateText, type Span } from "../words/dates";
import { minus, significant } from "../words/numbers";

/** An uncertain number; `sim/report/told.py` lists those of a scenario. */
export interface Drawn {
  key: string;
  label: string;
  /** Where the program keeps it, as a number of eight bytes, once a replication has been played. */
  at: number;
  is_date: boolean;
}

/** Write a number that was drawn, a date as such. */
export function drawnText({ is_date }: Drawn, value: number, { start }: Span): string {
  return is_date ? dateText(dateOn(value, { start, end: "9999-12-31" })) : minus(significant(value, 6));
}
