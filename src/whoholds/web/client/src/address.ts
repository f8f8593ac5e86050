/** The view in the page's address: in a link, out the same view again. Pure; no DOM. */

export const LAYERS = ["control", "contested", "front", "places", "outlines"] as const;
export type Layer = (typeof LAYERS)[number];

export interface Camera {
  readonly zoom: number;
  readonly lat: number;
  readonly lon: number;
}

/** What the address says; null where it says nothing. */
export interface ViewState {
  /** Day on the ground, `2025-03-12`. */
  readonly day: string | null;
  /** As known on: a day, meaning its end; null for everything known. */
  readonly known: string | null;
  /** Place id or H3 cell whose history is open. */
  readonly place: string | null;
  readonly layers: ReadonlySet<Layer>;
  readonly camera: Camera | null;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function parseAddress(search: string): ViewState {
  const query = new URLSearchParams(search);
  const layers = query.get("layers");
  return {
    day: matching(query.get("day"), DAY),
    known: matching(query.get("known"), DAY),
    place: query.get("place") || null,
    layers: new Set(layers === null ? LAYERS : LAYERS.filter((name) => layers.split(",").includes(name))),
    camera: parseCamera(query.get("at")),
  };
}

export function formatAddress(view: ViewState): string {
  const query: [string, string][] = [];
  if (view.day !== null) query.push(["day", view.day]);
  if (view.known !== null) query.push(["known", view.known]);
  if (view.place !== null) query.push(["place", view.place]);
  if (view.layers.size !== LAYERS.length) {
    query.push(["layers", LAYERS.filter((name) => view.layers.has(name)).join(",")]);
  }
  if (view.camera !== null) {
    const { zoom, lat, lon } = view.camera;
    query.push(["at", `${zoom.toFixed(2)}/${lat.toFixed(4)}/${lon.toFixed(4)}`]);
  }
  // Commas, slashes and colons may stand in a query as they are, and read better so.
  const text = new URLSearchParams(query).toString();
  return text === "" ? "" : `?${text.replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":")}`;
}

function matching(value: string | null, pattern: RegExp): string | null {
  return value !== null && pattern.test(value) ? value : null;
}

function parseCamera(value: string | null): Camera | null {
  const [zoom, lat, lon] = (value ?? "").split("/").map((part) => (part === "" ? NaN : Number(part)));
  if (zoom === undefined || lat === undefined || lon === undefined) return null;
  const isSane = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return isSane ? { zoom, lat, lon } : null;
}
