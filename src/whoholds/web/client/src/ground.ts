/** The map: outlines, cells, front and places, drawn by MapLibre from our own origin alone. */

import {
  AttributionControl,
  type GeoJSONSource,
  type LngLatBoundsLike,
  Map as MapLibre,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type StyleSpecification,
} from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { Feature, FeatureCollection } from "geojson";
import type { Camera, Layer } from "./address.ts";
import { cellPolygons } from "./cells.ts";
import { drawHatch } from "./hatch.ts";
import { decodePaint, paintCodes } from "./paint.ts";
import type { Day, Frame, Party, Theatre } from "./server.ts";
import { onThemeChange, readTheme, type Theme, wantsStillness } from "./theme.ts";

setWorkerUrl(new URL(workerUrl, location.href).href);

const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

/** Which drawn layers each toggle of the page means. */
const DRAWN: Record<Layer, readonly string[]> = {
  control: ["cells"],
  contested: ["cells-hatch"],
  front: ["front-casing", "front"],
  places: ["places", "place-names"],
  outlines: ["borders", "country-names"],
};

export interface GroundEvents {
  onMove(camera: Camera): void;
  onPick(pick: { place: string | null; lon: number; lat: number }): void;
}

export class Ground {
  readonly #map: MapLibre;
  readonly #parties: readonly Party[];
  readonly #loaded: Promise<void>;
  #frame: Frame | null = null;
  #day: Day | null = null;
  #codes: Int16Array = new Int16Array(0);
  #selected: Feature | null = null;
  #layers: ReadonlySet<Layer> = new Set();

  constructor(container: HTMLElement, theatre: Theatre, camera: Camera | null, events: GroundEvents) {
    this.#parties = theatre.parties;
    const [west, south, east, north] = theatre.bbox;
    const bounds: LngLatBoundsLike = [west, south, east, north];
    this.#map = new MapLibre({
      container,
      style: this.#style(readTheme()),
      ...(camera === null
        ? { bounds, fitBoundsOptions: { padding: 8 } }
        : { center: [camera.lon, camera.lat] as [number, number], zoom: camera.zoom }),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      minZoom: 2,
      maxZoom: 15,
      fadeDuration: 0,
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.#map.addControl(new ScaleControl({ maxWidth: 90 }), "bottom-left");
    this.#map.addControl(
      new AttributionControl({ compact: false, customAttribution: "Outlines: Natural Earth" }),
      "bottom-right",
    );
    this.#loaded = new Promise((resolve) => this.#map.once("load", () => resolve()));
    this.#map.on("moveend", () => events.onMove(this.#camera()));
    this.#map.on("click", (event) => {
      const { x, y } = event.point;
      const near = this.#map.queryRenderedFeatures(
        [[x - 6, y - 6], [x + 6, y + 6]],
        { layers: ["places"] },
      )[0];
      const place = near === undefined ? undefined : this.#frame?.places[Number(near.id)];
      events.onPick({ place: place?.id ?? null, lon: event.lngLat.lng, lat: event.lngLat.lat });
    });
    for (const layer of ["places", "cells"]) {
      this.#map.on("mouseenter", layer, () => (this.#map.getCanvas().style.cursor = "pointer"));
      this.#map.on("mouseleave", layer, () => (this.#map.getCanvas().style.cursor = ""));
    }
    // Each style starts without images; the hatching belongs to all of them.
    this.#map.on("style.load", () => {
      if (!this.#map.hasImage("hatch")) this.#map.addImage("hatch", drawHatch(readTheme().ink), { pixelRatio: 2 });
    });
    onThemeChange(() => void this.#restyle());
  }

  /** New geometry: cells and places as known on another day. */
  async setFrame(frame: Frame): Promise<void> {
    await this.#loaded;
    this.#frame = frame;
    this.#codes = new Int16Array(0);
    this.#map.removeFeatureState({ source: "cells" });
    this.#source("cells").setData(cellPolygons(frame.cells));
    this.#source("places").setData(this.#placePoints(null));
  }

  /** Another day on the same geometry: only what changed is painted anew. */
  async setDay(day: Day): Promise<void> {
    await this.#loaded;
    if (this.#frame === null) return;
    this.#day = day;
    const codes = paintCodes(day.cells, this.#frame.states, day.unknown);
    const isNew = this.#codes.length !== codes.length;
    codes.forEach((code, id) => {
      if (!isNew && this.#codes[id] === code) return;
      const paint = decodePaint(code);
      this.#map.setFeatureState(
        { source: "cells", id },
        { party: paint?.party ?? -1, strength: paint?.strength ?? 0, hatch: paint?.hatch ?? 0 },
      );
    });
    this.#codes = codes;
    this.#source("places").setData(this.#placePoints(day));
    this.#source("front").setData(day.front);
  }

  async setLayers(layers: ReadonlySet<Layer>): Promise<void> {
    await this.#loaded;
    this.#layers = layers;
    for (const [name, drawn] of Object.entries(DRAWN)) {
      const visibility = layers.has(name as Layer) ? "visible" : "none";
      for (const id of drawn) this.#map.setLayoutProperty(id, "visibility", visibility);
    }
  }

  /** Outlines the chosen place or cell; null for none. */
  async setSelected(feature: Feature | null): Promise<void> {
    await this.#loaded;
    this.#selected = feature;
    this.#source("selected").setData(feature ?? NOTHING);
  }

  goTo(lon: number, lat: number): void {
    const inView = this.#map.getBounds().contains([lon, lat]);
    const target = { center: [lon, lat] as [number, number], zoom: Math.max(this.#map.getZoom(), 9.5) };
    if (inView) return;
    if (wantsStillness()) this.#map.jumpTo(target);
    else this.#map.easeTo({ ...target, duration: 500 });
  }

  /** Resolves when everything asked for is on the screen. */
  async whenDrawn(): Promise<void> {
    await this.#loaded;
    if (this.#map.loaded() && !this.#map.isMoving()) return;
    await new Promise<void>((resolve) => this.#map.once("idle", () => resolve()));
  }

  #camera(): Camera {
    const { lng, lat } = this.#map.getCenter();
    return { zoom: this.#map.getZoom(), lat, lon: lng };
  }

  #source(id: string): GeoJSONSource {
    return this.#map.getSource(id) as GeoJSONSource;
  }

  #placePoints(day: Day | null): FeatureCollection {
    const places = this.#frame?.places ?? [];
    const states = this.#frame?.states ?? [];
    const codes = day === null ? null : paintCodes(day.places, states, []);
    return {
      type: "FeatureCollection",
      features: places.map((place, id) => {
        const status = day?.statuses[id] ?? "unknown";
        const paint = codes === null ? null : decodePaint(codes[id] ?? -1);
        return {
          type: "Feature",
          id,
          properties: {
            name: place.name,
            claims: place.claims,
            status,
            party: status === "unknown" ? -1 : (paint?.party ?? -1),
            strength: paint?.strength ?? 0,
          },
          geometry: { type: "Point", coordinates: [place.lon, place.lat] },
        };
      }),
    };
  }

  /** After a change between light and dark: new style, same data. */
  async #restyle(): Promise<void> {
    this.#map.setStyle(this.#style(readTheme()), { diff: false });
    await new Promise<void>((resolve) => this.#map.once("styledata", () => resolve()));
    const { frame, day } = { frame: this.#frame, day: this.#day };
    if (frame !== null) await this.setFrame(frame);
    if (day !== null) await this.setDay(day);
    await this.setSelected(this.#selected);
    await this.setLayers(this.#layers);
  }

  #style(theme: Theme): StyleSpecification {
    const partyColor = (get: unknown[]): unknown => [
      "match",
      get,
      ...this.#parties.flatMap((party, index) => [index, party.color]),
      theme.faint,
    ];
    const state = (name: string, otherwise: number): unknown[] => ["coalesce", ["feature-state", name], otherwise];
    return {
      version: 8,
      sources: {
        outlines: { type: "geojson", data: new URL("/api/basemap", location.href).href, attribution: "" },
        cells: { type: "geojson", data: NOTHING, buffer: 0, tolerance: 0, maxzoom: 12 },
        front: { type: "geojson", data: NOTHING },
        selected: { type: "geojson", data: NOTHING },
        places: { type: "geojson", data: NOTHING },
      },
      layers: [
        { id: "water", type: "background", paint: { "background-color": theme.water } },
        {
          id: "land",
          type: "fill",
          source: "outlines",
          filter: ["==", ["get", "kind"], "land"],
          paint: { "fill-color": theme.land, "fill-antialias": false },
        },
        {
          id: "cells",
          type: "fill",
          source: "cells",
          paint: {
            "fill-color": partyColor(state("party", -1)),
            // From barely there, where either may hold it, to plain.
            "fill-opacity": [
              "case",
              ["<", state("party", -1), 0],
              0,
              ["interpolate", ["linear"], state("strength", 0), 0, 0.08, 1, theme.isDark ? 0.75 : 0.68],
            ],
            "fill-antialias": false,
          },
        },
        {
          id: "cells-hatch",
          type: "fill",
          source: "cells",
          paint: {
            "fill-pattern": "hatch",
            "fill-opacity": ["interpolate", ["linear"], state("hatch", 0), 0, 0, 0.15, 0.25, 0.6, 1],
            "fill-antialias": false,
          },
        },
        {
          id: "borders",
          type: "line",
          source: "outlines",
          filter: ["==", ["get", "kind"], "land"],
          paint: { "line-color": theme.border, "line-width": 1.2, "line-dasharray": [4, 2] },
        },
        {
          id: "front-casing",
          type: "line",
          source: "front",
          layout: { "line-join": "round", "line-cap": "round" },
          paint: { "line-color": theme.halo, "line-width": 4.5, "line-opacity": 0.8 },
        },
        {
          id: "front",
          type: "line",
          source: "front",
          layout: { "line-join": "round", "line-cap": "round" },
          paint: { "line-color": theme.ink, "line-width": 2 },
        },
        {
          id: "selected",
          type: "line",
          source: "selected",
          filter: ["==", ["geometry-type"], "Polygon"],
          paint: { "line-color": theme.ink, "line-width": 3 },
        },
        {
          id: "country-names",
          type: "symbol",
          source: "outlines",
          filter: ["==", ["get", "kind"], "label"],
          layout: {
            "text-field": ["upcase", ["get", "name"]],
            "text-font": ["sans-serif"],
            "text-size": 12,
            "text-letter-spacing": 0.25,
            "text-max-width": 20,
          },
          paint: { "text-color": theme.border, "text-halo-color": theme.halo, "text-halo-width": 1.2 },
        },
        {
          id: "places",
          type: "circle",
          source: "places",
          paint: {
            "circle-radius": ["interpolate", ["linear"], ["zoom"], 7, 2.4, 9, 4.5, 11, 6, 13, 8],
            "circle-color": [
              "match", ["get", "status"], "contested", theme.halo, "unknown", theme.faint, partyColor(["get", "party"]),
            ],
            "circle-stroke-color": theme.ink,
            "circle-stroke-width": ["case", ["==", ["get", "status"], "contested"], 2, 1.2],
          },
        },
        {
          id: "selected-point",
          type: "circle",
          source: "selected",
          filter: ["==", ["geometry-type"], "Point"],
          paint: {
            "circle-radius": 11,
            "circle-opacity": 0,
            "circle-stroke-color": theme.ink,
            "circle-stroke-width": 2.5,
          },
        },
        {
          id: "place-names",
          type: "symbol",
          source: "places",
          minzoom: 7,
          layout: {
            "text-field": ["get", "name"],
            "text-font": ["sans-serif"],
            "text-size": 12,
            "text-anchor": "top",
            "text-offset": [0, 0.7],
            "symbol-sort-key": ["-", 0, ["get", "claims"]],
          },
          paint: { "text-color": theme.ink, "text-halo-color": theme.halo, "text-halo-width": 1.4 },
        },
      ],
    } as unknown as StyleSpecification;
  }
}
