/** Light and dark: the map's colours come from the page's style sheet, so that both agree. */

export interface Theme {
  readonly isDark: boolean;
  readonly water: string;
  readonly land: string;
  readonly border: string;
  readonly ink: string;
  readonly halo: string;
  readonly faint: string;
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const get = (name: string): string => style.getPropertyValue(name).trim();
  return {
    isDark: matchMedia("(prefers-color-scheme: dark)").matches,
    water: get("--map-water"),
    land: get("--map-land"),
    border: get("--map-border"),
    ink: get("--ink"),
    halo: get("--map-halo"),
    faint: get("--map-faint"),
  };
}

export function onThemeChange(tell: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
}

export function wantsStillness(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
