/** The box for a text or a file, as a dialog on any page; without a script its own page does the same. */

import { alertOf } from "./panel.ts";
import { explainFailure, fetchFragment } from "./server.ts";

const opener = document.getElementById("open-reader");

export function enableReader(): void {
  if (opener === null || location.pathname === "/read") return;
  opener.addEventListener("click", (event) => {
    if (event instanceof MouseEvent && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    void openReader(null);
  });
  // A file dropped anywhere on the page is read.
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (file === undefined) return;
    event.preventDefault();
    void openReader(file);
  });
}

async function openReader(file: File | null): Promise<void> {
  const dialog = document.querySelector<HTMLDialogElement>("dialog.reader-box") ?? makeDialog();
  const body = dialog.querySelector(".body") as HTMLElement;
  if (!dialog.open) dialog.showModal();
  try {
    body.innerHTML = await fetchFragment("/read");
  } catch (error) {
    body.replaceChildren(alertOf(error));
    return;
  }
  const form = body.querySelector("form") as HTMLFormElement;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void readForm(form, body);
  });
  if (file === null) {
    (form.elements.namedItem("text") as HTMLTextAreaElement).focus();
    return;
  }
  const transfer = new DataTransfer();
  transfer.items.add(file);
  (form.elements.namedItem("file") as HTMLInputElement).files = transfer.files;
  await readForm(form, body);
}

function makeDialog(): HTMLDialogElement {
  const dialog = document.createElement("dialog");
  dialog.className = "reader-box";
  dialog.setAttribute("aria-labelledby", "reader-title");
  dialog.innerHTML =
    '<header><h2 id="reader-title">Read a text</h2><button type="button" class="link" data-close>Close</button></header><div class="body"></div>';
  dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => opener?.focus());
  document.body.append(dialog);
  return dialog;
}

async function readForm(form: HTMLFormElement, body: HTMLElement): Promise<void> {
  const alert = form.querySelector(".alert") as HTMLElement;
  const button = form.querySelector("button.main") as HTMLButtonElement;
  button.disabled = true;
  button.textContent = "Reading …";
  alert.hidden = true;
  try {
    const response = await fetch("/read?part=panel", {
      method: "POST",
      body: new FormData(form),
      headers: { accept: "text/html", "x-requested-as": "part" },
    });
    if (!response.ok) throw new Error(await explainFailure(response));
    const preview = document.createElement("div");
    preview.innerHTML = await response.text();
    const back = document.createElement("p");
    const again = document.createElement("button");
    again.type = "button";
    again.className = "link";
    again.textContent = "Change the text";
    again.addEventListener("click", () => body.replaceChildren(form));
    back.append(again);
    body.replaceChildren(preview, back);
    preview.tabIndex = -1;
    preview.focus();
  } catch (error) {
    alert.textContent = error instanceof Error ? error.message : String(error);
    alert.hidden = false;
  } finally {
    button.disabled = false;
    button.textContent = "Read";
  }
}
