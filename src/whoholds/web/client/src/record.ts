/** The record as the server has it, kept per "as known on" and day, so that a day is fetched once. */

import { dayNumber, dayOf } from "./days.ts";
import { type Day, fetchJson, type Frame, type Span } from "./server.ts";

const MOST_DAYS = 400;

export class RecordCache {
  readonly #frames = new Map<string, Promise<Frame>>();
  readonly #days = new Map<string, Promise<Day>>();

  frame(known: string | null): Promise<Frame> {
    return remember(this.#frames, known ?? "", 12, () => fetchJson<Frame>("/api/record", { known }));
  }

  day(on: string, known: string | null): Promise<Day> {
    const key = `${known ?? ""} ${on}`;
    return remember(this.#days, key, MOST_DAYS, () => fetchJson<Day>("/api/record/day", { on, known }));
  }

  /** The days beside the one that is shown, so that a step waits for nothing. */
  prefetch(on: string, known: string | null, within: Span): void {
    for (const shift of [1, -1]) {
      const day = dayOf(dayNumber(on) + shift);
      // A failure shows itself when that day is asked for.
      if (day >= within.first && day <= within.last) this.day(day, known).catch(() => undefined);
    }
  }
}

function remember<T>(store: Map<string, Promise<T>>, key: string, most: number, fetch: () => Promise<T>): Promise<T> {
  const found = store.get(key);
  if (found !== undefined) return found;
  const promise = fetch();
  store.set(key, promise);
  // A failure is not remembered, and the oldest makes room.
  promise.catch(() => store.delete(key));
  if (store.size > most) store.delete(store.keys().next().value as string);
  return promise;
}
