// Runs before the terminal: the tab gets its name, styles their nonce, and what ends is said.
"use strict";
(() => {
  const nonce = document.currentScript.nonce;
  const make = document.createElement;
  document.createElement = function (name, ...more) {
    const made = make.call(this, name, ...more);
    if (made instanceof HTMLStyleElement) made.nonce = nonce; // else the terminal's own styles would be refused
    return made;
  };

  if (location.search) history.replaceState(null, "", "/"); // the address was good for once

  // The tab keeps its name when it is loaded again; the server finds its app by it.
  let tab = sessionStorage.getItem("tab");
  if (!tab) {
    tab = Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem("tab", tab);
  }

  const again = () => location.reload();
  let tries = 0;
  const over = (words, title) => {
    const box = document.getElementById("over");
    box.querySelector("p").textContent = words;
    box.querySelector("button").onclick = again;
    box.hidden = false;
    document.title = title;
    box.querySelector("button").focus();
  };
  const lost = async () => {
    over("The connection is lost. Everything saved is safe; this page comes back by itself.", "factdesk: no connection");
    for (;;) {
      await new Promise((go) => setTimeout(go, Math.min(10000, 500 * 2 ** tries++)));
      try {
        const found = await fetch("/", { redirect: "error" });
        if (found.ok) return again();
        return over(await found.text(), "factdesk: closed");
      } catch { /* not yet */ }
    }
  };

  const Socket = WebSocket;
  window.WebSocket = class extends Socket {
    constructor(url) {
      super(url);
      this.addEventListener("open", () => document.querySelector(".xterm-helper-textarea").focus());
      this.addEventListener("close", (event) => {
        if (event.code >= 4000) over(event.reason, "factdesk: closed");
        else lost();
      });
    }
    send(said) {
      if (this.readyState === Socket.OPEN) super.send(said);
    }
  };

  // What the app opens: a download stays in this tab, all else gets one of its own that knows nothing of this one.
  window.open = (address) => {
    const url = new URL(address, location.href);
    if (!["http:", "https:"].includes(url.protocol)) return null;
    const link = document.createElement("a");
    link.href = url.href;
    if (url.origin === location.origin) link.download = "";
    else Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
    link.click();
    return null;
  };

  document.addEventListener("DOMContentLoaded", () => {
    const socket = location.origin.replace(/^http/, "ws") + "/ws/" + tab;
    document.getElementById("terminal").dataset.sessionWebsocketUrl = socket;
  });
})();
