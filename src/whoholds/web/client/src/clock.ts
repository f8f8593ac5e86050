/** One of the two clocks: a slider of days with step and play buttons and a label. */

import { dayLabel, dayNumber, dayOf } from "./days.ts";
import type { Span } from "./server.ts";

const PLAY_MS = 350;
const WEEK = 7;

export class Clock {
  readonly #slider: HTMLInputElement;
  readonly #label: HTMLElement;
  readonly #play: HTMLButtonElement;
  readonly #tell: (day: string) => Promise<void> | void;
  #timer: number | null = null;

  constructor(name: string, span: Span, day: string, tell: (day: string) => Promise<void> | void) {
    const root = document.getElementById(`clock-${name}`) as HTMLElement;
    this.#slider = root.querySelector("input") as HTMLInputElement;
    this.#label = root.querySelector("output") as HTMLElement;
    this.#play = root.querySelector("[data-play]") as HTMLButtonElement;
    this.#tell = tell;
    this.#slider.disabled = false;
    this.setSpan(span, day);
    this.#slider.addEventListener("input", () => {
      this.stop();
      this.#moved();
    });
    this.#slider.addEventListener("keydown", (event) => {
      const step = event.key === "PageUp" ? WEEK : event.key === "PageDown" ? -WEEK : 0;
      if (step === 0) return;
      event.preventDefault();
      this.step(step);
    });
    for (const button of root.querySelectorAll<HTMLButtonElement>("[data-step]")) {
      button.addEventListener("click", () => this.step(Number(button.dataset["step"])));
    }
    this.#play.addEventListener("click", () => (this.#timer === null ? this.play() : this.stop()));
  }

  get day(): string {
    return dayOf(this.#slider.valueAsNumber);
  }

  get span(): Span {
    return { first: dayOf(Number(this.#slider.min)), last: dayOf(Number(this.#slider.max)) };
  }

  setSpan(span: Span, day: string): void {
    this.#slider.min = String(dayNumber(span.first));
    this.#slider.max = String(dayNumber(span.last));
    this.#slider.value = String(dayNumber(day));
    this.#show();
  }

  step(days: number): void {
    this.stop();
    this.#set(this.#slider.valueAsNumber + days);
  }

  play(): void {
    if (this.#slider.value === this.#slider.max) this.#set(Number(this.#slider.min));
    this.#play.setAttribute("aria-pressed", "true");
    this.#play.textContent = "⏸";
    const advance = async (): Promise<void> => {
      if (this.#timer === null) return;
      if (this.#slider.value === this.#slider.max) return this.stop();
      const started = performance.now();
      this.#slider.value = String(this.#slider.valueAsNumber + 1);
      this.#show();
      await this.#tell(this.day);
      // A slow answer slows the film down; it never piles requests up.
      if (this.#timer !== null) {
        this.#timer = window.setTimeout(() => void advance(), Math.max(0, PLAY_MS - (performance.now() - started)));
      }
    };
    this.#timer = window.setTimeout(() => void advance(), PLAY_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#play.setAttribute("aria-pressed", "false");
    this.#play.textContent = "▶";
  }

  #set(value: number): void {
    const before = this.#slider.value;
    this.#slider.value = String(value);
    if (this.#slider.value !== before) this.#moved();
  }

  #moved(): void {
    this.#show();
    void this.#tell(this.day);
  }

  #show(): void {
    const label = dayLabel(this.day);
    this.#label.textContent = label;
    this.#slider.setAttribute("aria-valuetext", label);
  }
}
