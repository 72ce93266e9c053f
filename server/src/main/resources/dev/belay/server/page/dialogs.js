// Questions and short messages.

import { h } from "./dom.js";

/** Shows a dialog until it closes; gives its return value, empty if it was called off. */
export function show(dialog) {
  document.body.append(dialog);
  const before = document.activeElement;
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before?.isConnected) before.focus({ preventScroll: true });
      resolve(dialog.returnValue);
    });
    dialog.showModal();
  });
}

/** Asks before something that hurts; `keep` says what calls it off. */
export async function confirm({ title, text, action, keep = "Cancel" }) {
  const dialog = h("dialog", { role: "alertdialog", "aria-labelledby": "dialog-title", "aria-describedby": "dialog-text" },
    h("h2", { id: "dialog-title" }, title),
    h("p", { id: "dialog-text" }, text),
    h("div", { class: "buttons" },
      h("button", { type: "button", autofocus: true, onclick: () => dialog.close("") }, keep),
      h("button", { type: "button", class: "danger", onclick: () => dialog.close("yes") }, action)));
  return (await show(dialog)) === "yes";
}

/** Asks for the token until there is one. */
export async function askToken(wrong) {
  const input = h("input", { id: "token", type: "password", autocomplete: "off", required: true, autofocus: true,
    "aria-describedby": "token-hint" });
  const dialog = h("dialog", { "aria-labelledby": "dialog-title" },
    h("form", { onsubmit: (event) => { event.preventDefault(); if (input.value) dialog.close("token"); } },
      h("h2", { id: "dialog-title" }, "This server needs its token"),
      wrong ? h("p", { class: "error", role: "alert" }, "That token was refused. Try again.") : null,
      h("label", { for: "token" }, "Token"), input,
      h("p", { id: "token-hint", class: "hint" },
        "It is control.token of the configuration, and kept in this tab until it closes."),
      h("div", { class: "buttons" }, h("button", { class: "primary" }, "Continue"))));
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  // a second Escape closes a dialog whatever its page says, so it is asked again
  while ((await show(dialog)) !== "token");
  return input.value.trim();
}

/** Says something for a few seconds. */
export function toast(text, bad = false) {
  const message = h("div", { class: bad ? "toast bad" : "toast", role: bad ? "alert" : null }, text);
  const place = document.getElementById("toasts");
  place.append(message);
  while (place.children.length > 4) place.firstChild.remove();
  setTimeout(() => message.remove(), bad ? 9000 : 4000);
}

/** Does something and says so if it fails. Gives whether it worked. */
export async function attempt(act, done) {
  try {
    await act();
    if (done) toast(done);
    return true;
  } catch (failure) {
    toast(failure.message, true);
    return false;
  }
}
