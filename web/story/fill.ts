/**
 * Fills in sentences: `{slot}` or `{slot|form}`, and parts in square brackets that are left out if a slot is empty.
 *
 * What is filled in is text, never a sentence with places of its own.
 */

import { dayText, type Span } from "../words/dates";
import { counted, days, fixed, they, troops } from "../words/numbers";

/** The value of a slot; `null` if there is nothing to say. */
export type Slot = string | number | boolean | null;

const PART = /\[([^\]]*)\]/g;
const PLACE = /\{(\w+)(?:\|([^}]*))?\}/g;

/** Return a sentence with its slots filled in. */
export function fill(sentence: string, slot: (name: string, form: string) => Slot, span: Span): string {
  const filled = (text: string): string | null => {
    let isEmpty = false;
    const said = text.replace(PLACE, (_, name: string, form = "") => {
      const value = written(slot(name, form), form, span);
      isEmpty ||= value === null;
      return value ?? "";
    });
    return isEmpty ? null : said;
  };
  const pieces: string[] = [];
  let done = 0;
  for (const part of sentence.matchAll(PART)) {
    pieces.push(filled(sentence.slice(done, part.index)) ?? "", filled(part[1]) ?? "");
    done = part.index + part[0].length;
  }
  pieces.push(filled(sentence.slice(done)) ?? "");
  return pieces.join("").replace(/^, | {2,}/g, (gap) => (gap.startsWith(",") ? "" : " ")).trim();
}

function written(value: Slot, form: string, span: Span): string | null {
  if (value === null || value === "") return form === "" && value === "" ? "" : null;
  if (typeof value !== "number") return String(value);
  if (form.startsWith("they ")) return they(value, form.slice("they ".length));
  switch (form) {
    case "count": return fixed(value, 0);
    case "some": return value === 0 ? null : fixed(value, 0);
    case "troops": return troops(value);
    case "boxes": return counted(value, "box", "boxes");
    case "days": return days(value);
    case "date": return dayText(value, span);
    case "ratio": return fixed(value, 2).replaceAll(",", "");
    case "round": return counted(value, "round of talks", "rounds of talks");
    default: return counted(value, form);
  }
}
