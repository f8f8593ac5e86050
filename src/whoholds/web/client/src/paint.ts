/** A day's numbers to what is painted. Pure, and of no library. */

/** How one cell or place is painted. */
export interface Paint {
  /** Index of the likeliest party, contested left aside. */
  readonly party: number;
  /** 0 to 1: how strongly the party's colour shows. */
  readonly strength: number;
  /** 0 to 1: how strongly the hatching shows. */
  readonly hatch: number;
}

/** Below this probability of `contested`, hatching would be noise. */
const LEAST_CONTESTED = 0.2;

/**
 * Paints of all units on a day, as one number each so that days compare quickly:
 * `unit -> party + 16 * (strength in 0..15) + 256 * (hatch in 0..15)`; -1 where nothing is known.
 */
export function paintCodes(columns: readonly (readonly number[])[], states: readonly string[], unknown: readonly number[]): Int16Array {
  const contested = states.indexOf("contested");
  const parties = states.flatMap((name, index) => (name === "contested" ? [] : [index]));
  const count = columns[0]?.length ?? 0;
  const codes = new Int16Array(count);
  for (let unit = 0; unit < count; unit += 1) {
    let best = 0;
    let first = -1;
    let second = 0;
    parties.forEach((state, party) => {
      const p = columns[state]?.[unit] ?? 0;
      if (p > first) {
        second = Math.max(first, 0);
        first = p;
        best = party;
      } else if (p > second) {
        second = p;
      }
    });
    const pContested = contested < 0 ? 0 : (columns[contested]?.[unit] ?? 0) / 1000;
    // Ground that either may hold is shown pale: what counts is the lead over the next party.
    const strength = Math.round((15 * Math.max(0, first - second)) / 1000);
    const hatch = pContested < LEAST_CONTESTED ? 0 : Math.round(15 * pContested);
    codes[unit] = best + 16 * strength + 256 * hatch;
  }
  for (const unit of unknown) codes[unit] = -1;
  return codes;
}

export function decodePaint(code: number): Paint | null {
  if (code < 0) return null;
  return { party: code % 16, strength: (Math.floor(code / 16) % 16) / 15, hatch: Math.floor(code / 256) / 15 };
}
