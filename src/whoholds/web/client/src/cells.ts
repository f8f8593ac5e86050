/** H3 cells to polygons, and points to cells. Pure. */

import { cellToBoundary, latLngToCell } from "h3-js";
import type { FeatureCollection, Polygon } from "geojson";

export function cellPolygons(cells: readonly string[]): FeatureCollection<Polygon> {
  return {
    type: "FeatureCollection",
    features: cells.map((cell, id) => ({
      type: "Feature",
      id,
      properties: {},
      geometry: { type: "Polygon", coordinates: [cellToBoundary(cell, true)] },
    })),
  };
}

/** The cell of a point at the theatre's resolution. */
export function cellAt(lon: number, lat: number, resolution: number): string {
  return latLngToCell(lat, lon, resolution);
}
