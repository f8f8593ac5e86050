/** What every page has: the style sheet, the reading box, and a light on the claim that is pointed at. */

import "./page.css";
import { enableReader } from "./reader.ts";

enableReader();

/** Marks all stretches of the claim whose card, number or words are under the pointer or have focus. */
function lightUp(event: Event): void {
  const target = event.target instanceof Element ? event.target : null;
  const mark = target?.closest<HTMLElement>("[data-claims]");
  const card = target?.closest<HTMLElement>("[id^=card-]");
  const key = mark?.dataset["claims"]?.trim().split(" ").at(-1) ?? card?.id.slice("card-".length);
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  if (key === undefined) return;
  for (const part of document.querySelectorAll(`[data-claims~="${CSS.escape(key)}"], #card-${CSS.escape(key)}`)) {
    part.classList.add("lit");
  }
}

for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, lightUp);
