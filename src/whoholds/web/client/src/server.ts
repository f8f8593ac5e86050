/** What the server answers, typed, and how it is fetched. */

import type { FeatureCollection } from "geojson";

export interface Party {
  readonly id: string;
  readonly name: string;
  readonly color: string;
}

export interface Span {
  readonly first: string;
  readonly last: string;
}

export interface Theatre {
  readonly name: string;
  readonly resolution: number;
  readonly bbox: readonly [number, number, number, number];
  readonly parties: readonly Party[];
  readonly days: Span | null;
  readonly known: Span | null;
}

export interface Place {
  readonly id: string;
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
  readonly claims: number;
}

/** What stays the same from day to day. */
export interface Frame {
  readonly states: readonly string[];
  readonly cells: readonly string[];
  readonly places: readonly Place[];
}

/** One day's numbers, per mille, in the order of the frame's states, cells and places. */
export interface Day {
  readonly on: string;
  readonly cells: readonly (readonly number[])[];
  readonly unknown: readonly number[];
  readonly places: readonly (readonly number[])[];
  readonly statuses: readonly string[];
  readonly front: FeatureCollection;
}

/** An answer other than success, with the server's one line about it. */
export class ServerError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = "ServerError";
    this.status = status;
  }
}

export async function fetchJson<T>(path: string, query: Record<string, string | null> = {}, signal?: AbortSignal): Promise<T> {
  const response = await request(path, query, "application/json", signal);
  return (await response.json()) as T;
}

/** A piece of a page, made and escaped by the server. */
export async function fetchFragment(path: string, query: Record<string, string | null> = {}, signal?: AbortSignal): Promise<string> {
  const response = await request(path, { ...query, part: "panel" }, "text/html", signal);
  return response.text();
}

async function request(path: string, query: Record<string, string | null>, accept: string, signal?: AbortSignal): Promise<Response> {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== null);
  const search = pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
  const response = await fetch(path + search, {
    headers: { accept, "x-requested-as": "part" },
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) throw new ServerError(response.status, await explainFailure(response));
  return response;
}

export async function explainFailure(response: Response): Promise<string> {
  const body = await response.text();
  try {
    return String((JSON.parse(body) as { detail: unknown }).detail);
  } catch {
    return `The server answered ${response.status}.`;
  }
}
