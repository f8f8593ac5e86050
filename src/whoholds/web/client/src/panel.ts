/** The panel: pieces of pages made by the server, put in place; the newest request wins. */

import { fetchFragment } from "./server.ts";

export class Panel {
  readonly #root: HTMLElement;
  #pending: AbortController | null = null;

  constructor(id: string) {
    this.#root = document.getElementById(id) as HTMLElement;
  }

  get root(): HTMLElement {
    return this.#root;
  }

  clear(): void {
    this.#pending?.abort();
    this.#root.replaceChildren();
  }

  /** Shows a piece; false where a newer request took over. Failures are told in the panel. */
  async show(path: string, query: Record<string, string | null>): Promise<boolean> {
    this.#pending?.abort();
    const pending = new AbortController();
    this.#pending = pending;
    this.#root.setAttribute("aria-busy", "true");
    try {
      const html = await fetchFragment(path, query, pending.signal);
      // Made and escaped by our own server's templates.
      this.#root.innerHTML = html;
    } catch (error) {
      if (pending.signal.aborted) return false;
      this.#root.replaceChildren(alertOf(error));
    } finally {
      if (this.#pending === pending) this.#root.removeAttribute("aria-busy");
    }
    return this.#pending === pending;
  }
}

export function alertOf(error: unknown): HTMLElement {
  const line = document.createElement("p");
  line.className = "alert";
  line.setAttribute("role", "alert");
  line.textContent = error instanceof Error ? error.message : String(error);
  return line;
}
