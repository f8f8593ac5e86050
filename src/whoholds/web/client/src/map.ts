/** The map page: state in the address, two clocks, layers, and the history of what is chosen. */

import "./map.css";
import type { Feature } from "geojson";
import { type Camera, formatAddress, type Layer, parseAddress, type ViewState } from "./address.ts";
import { cellAt, cellPolygons } from "./cells.ts";
import { Clock } from "./clock.ts";
import { Ground } from "./ground.ts";
import { Panel } from "./panel.ts";
import { RecordCache } from "./record.ts";
import { fetchJson, type Frame, type Span, type Theatre } from "./server.ts";

const SETTLE_MS = 180;
const note = document.getElementById("map-note") as HTMLElement;

class MapPage {
  readonly #cache = new RecordCache();
  readonly #ground: Ground;
  readonly #days: Span;
  readonly #area = new Panel("area");
  readonly #history = new Panel("history");
  #view: ViewState;
  #frame: Frame | null = null;
  #settling: number | undefined;

  constructor(theatre: Theatre, days: Span, known: Span) {
    this.#days = days;
    const asked = parseAddress(location.search);
    // Both clocks always stand in the address: the link shows the same view when more is known.
    this.#view = { ...asked, day: within(asked.day, days), known: within(asked.known, known) };
    this.#ground = new Ground(document.getElementById("map") as HTMLElement, theatre, asked.camera, {
      onMove: (camera: Camera) => this.#remember({ camera }),
      onPick: (pick) => this.#pick(pick.place ?? cellAt(pick.lon, pick.lat, theatre.resolution)),
    });
    new Clock("day", days, this.#view.day ?? days.last, (day) => this.#turn({ day }));
    new Clock("known", known, this.#view.known ?? known.last, (day) => this.#turn({ known: day }));
    this.#bindLayers();
    this.#bindPlaces();
  }

  async start(): Promise<void> {
    this.#remember({});
    await this.#ground.setLayers(this.#view.layers);
    await this.#draw();
    void this.#showTexts();
    if (this.#view.place !== null) await this.#select(this.#view.place, false);
    await this.#ground.whenDrawn();
    document.body.dataset["ready"] = "yes";
  }

  #remember(change: Partial<ViewState>): void {
    this.#view = { ...this.#view, ...change };
    history.replaceState(null, "", location.pathname + formatAddress(this.#view));
  }

  /** A clock moved: the map follows at once, texts when it comes to rest. */
  async #turn(change: Partial<ViewState>): Promise<void> {
    this.#remember(change);
    clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => {
      void this.#showTexts();
      if (this.#view.place !== null) void this.#showHistory(this.#view.place);
    }, SETTLE_MS);
    await this.#draw();
    if (this.#view.day !== null) this.#cache.prefetch(this.#view.day, this.#view.known, this.#days);
  }

  async #draw(): Promise<void> {
    const { day, known } = this.#view;
    if (day === null) return;
    const slow = window.setTimeout(() => (note.textContent = "Working out the record …"), 400);
    try {
      const [frame, numbers] = await Promise.all([this.#cache.frame(known), this.#cache.day(day, known)]);
      if (day !== this.#view.day || known !== this.#view.known) return;
      if (this.#frame !== frame) {
        this.#frame = frame;
        this.#listPlaces(frame);
        await this.#ground.setFrame(frame);
      }
      await this.#ground.setDay(numbers);
      document.body.dataset["drawn"] = `${day} ${known ?? "all"}`;
      note.textContent = "";
    } catch (error) {
      note.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      clearTimeout(slow);
    }
  }

  async #showTexts(): Promise<void> {
    const { day, known } = this.#view;
    if (!(await this.#area.show("/summary", { day, known }))) return;
    // What others say stands below the legend and the search.
    const official = document.getElementById("official-new");
    document.getElementById("official")?.replaceChildren(...(official === null ? [] : [official]));
    official?.removeAttribute("id");
  }

  #pick(unit: string): void {
    const isGround = this.#frame?.cells.includes(unit) === true || this.#place(unit) !== undefined;
    if (!isGround) return;
    void this.#select(unit, true);
  }

  async #select(unit: string, isByHand: boolean): Promise<void> {
    this.#remember({ place: unit });
    const place = this.#place(unit);
    await this.#ground.setSelected(outlineOf(unit, place));
    if (place !== undefined && isByHand) this.#ground.goTo(place.lon, place.lat);
    if (!(await this.#showHistory(unit))) return;
    const panel = document.getElementById("panel") as HTMLElement;
    const isBeside = panel.scrollHeight > panel.clientHeight;
    if (isBeside) panel.scrollTop = this.#history.root.offsetTop - panel.offsetTop;
    else if (isByHand) this.#history.root.scrollIntoView({ block: "start" });
    if (isByHand) this.#history.root.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }

  async #showHistory(unit: string): Promise<boolean> {
    const { day, known } = this.#view;
    const kind = this.#place(unit) === undefined ? "cells" : "places";
    const isNewest = await this.#history.show(`/${kind}/${encodeURIComponent(unit)}`, { day, known });
    this.#history.root.querySelector("[data-close]")?.addEventListener("click", () => void this.#close());
    return isNewest;
  }

  async #close(): Promise<void> {
    this.#remember({ place: null });
    this.#history.clear();
    await this.#ground.setSelected(null);
    document.getElementById("place")?.focus();
  }

  #place(unit: string): Frame["places"][number] | undefined {
    return this.#frame?.places.find((place) => place.id === unit);
  }

  #bindLayers(): void {
    const boxes = [...document.querySelectorAll<HTMLInputElement>("input[name=layer]")];
    for (const box of boxes) {
      box.checked = this.#view.layers.has(box.value as Layer);
      box.addEventListener("change", () => {
        this.#remember({ layers: new Set(boxes.filter((b) => b.checked).map((b) => b.value as Layer)) });
        void this.#ground.setLayers(this.#view.layers);
      });
    }
  }

  #bindPlaces(): void {
    const form = document.getElementById("find") as HTMLFormElement;
    form.addEventListener("submit", (event) => {
      const input = form.elements.namedItem("q") as HTMLInputElement;
      const words = input.value.trim().toLowerCase();
      const places = this.#frame?.places ?? [];
      const found =
        places.find((place) => place.name.toLowerCase() === words) ??
        places.find((place) => place.name.toLowerCase().startsWith(words));
      event.preventDefault();
      if (words === "") return;
      input.setCustomValidity(found === undefined ? "No claim known by this day is about a place of that name." : "");
      if (found === undefined) input.reportValidity();
      else void this.#select(found.id, true);
      input.addEventListener("input", () => input.setCustomValidity(""), { once: true });
    });
  }

  #listPlaces(frame: Frame): void {
    const list = document.getElementById("place-names") as HTMLElement;
    list.replaceChildren(...frame.places.map((place) => Object.assign(document.createElement("option"), { value: place.name })));
  }
}

function within(day: string | null, span: Span): string {
  if (day === null || day > span.last) return span.last;
  return day < span.first ? span.first : day;
}

function outlineOf(unit: string, place: Frame["places"][number] | undefined): Feature | null {
  if (place === undefined) return cellPolygons([unit]).features[0] ?? null;
  return { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [place.lon, place.lat] } };
}

async function start(): Promise<void> {
  const theatre = await fetchJson<Theatre>("/api/theatre");
  if (theatre.days === null || theatre.known === null) {
    note.textContent = "No reports yet. Read a text to begin.";
    document.body.dataset["ready"] = "empty";
    return;
  }
  await new MapPage(theatre, theatre.days, theatre.known).start();
}

start().catch((error: unknown) => {
  note.textContent = error instanceof Error ? error.message : String(error);
});
