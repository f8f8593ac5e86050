/** The map page: state in the address, two clocks, layers, and the history of what is chosen. */

import "./map.css";
import { type Camera, formatAddress, type Layer, parseAddress, type ViewState } from "./address.ts";
import { Clock } from "./clock.ts";
import { dayLabel } from "./days.ts";
import { Ground } from "./ground.ts";
import { RecordCache } from "./record.ts";
import { fetchJson, type Theatre } from "./server.ts";

const note = document.getElementById("map-note") as HTMLElement;

async function start(): Promise<void> {
  const theatre = await fetchJson<Theatre>("/api/theatre");
  if (theatre.days === null || theatre.known === null) {
    note.textContent = "No reports yet. Read a text to begin.";
    return;
  }
  let view: ViewState = parseAddress(location.search);
  const cache = new RecordCache();

  const remember = (change: Partial<ViewState>): void => {
    view = { ...view, ...change };
    history.replaceState(null, "", location.pathname + formatAddress(view));
  };

  const ground = new Ground(document.getElementById("map") as HTMLElement, theatre, view.camera, {
    onMove: (camera: Camera) => remember({ camera }),
    onPick: () => undefined,
  });

  let shown = "";
  const show = async (): Promise<void> => {
    const { known } = view;
    const day = view.day ?? dayClock.day;
    try {
      const [frame, numbers] = await Promise.all([cache.frame(known), cache.day(day, known)]);
      if (day !== (view.day ?? dayClock.day) || known !== view.known) return;
      if (shown !== (known ?? "all")) await ground.setFrame(frame);
      shown = known ?? "all";
      await ground.setDay(numbers);
      note.textContent = "";
      document.body.dataset["shown"] = `${day} ${shown}`;
    } catch (error) {
      note.textContent = error instanceof Error ? error.message : String(error);
    }
  };

  const within = (day: string | null, span: { first: string; last: string }): string =>
    day === null || day > span.last ? span.last : day < span.first ? span.first : day;
  const dayClock = new Clock("day", theatre.days, within(view.day, theatre.days), (day) => {
    remember({ day });
    return show();
  });
  new Clock("known", theatre.known, within(view.known, theatre.known), (known) => {
    remember({ known });
    return show();
  });
  remember({ day: dayClock.day });

  const boxes = [...document.querySelectorAll<HTMLInputElement>("input[name=layer]")];
  for (const box of boxes) {
    box.checked = view.layers.has(box.value as Layer);
    box.addEventListener("change", () => {
      remember({ layers: new Set(boxes.filter((b) => b.checked).map((b) => b.value as Layer)) });
      void ground.setLayers(view.layers);
    });
  }
  await ground.setLayers(view.layers);
  await show();
  await ground.whenDrawn();
  document.body.dataset["ready"] = dayLabel(dayClock.day);
}

start().catch((error: unknown) => {
  note.textContent = error instanceof Error ? error.message : String(error);
});
