/** Calendar days as numbers and as labels. A day is a bare date: no clock and no zone comes in. */

const MS = 86_400_000;

export function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / MS);
}

export function dayOf(number: number): string {
  return new Date(number * MS).toISOString().slice(0, 10);
}

const LONG = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

export function dayLabel(day: string): string {
  return LONG.format(new Date(`${day}T00:00:00Z`));
}
