// Small helps for pages that work without them: countdowns by the server's clock, the tag of
// polls, a way out where the CDN cannot be reached. Stands before the CDN's scripts on purpose.
(() => {
  "use strict";
  const RELOAD_SECONDS = 8;
  const HTMX_WAIT_MS = 4000;
  let ahead = 0; // how far the server's clock is ahead of this one, in ms

  const readServerTime = (text) => {
    const told = Date.parse(text || "");
    if (!Number.isNaN(told)) ahead = told - Date.now();
  };
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
  readServerTime(meta("server-time"));

  // ---- countdowns: no script of ours announces a tick; what changes is announced below
  const left = (seconds) => {
    const [d, h, m, s] = (meta("countdown-words") || "d|h|min|s").split("|");
    const days = Math.floor(seconds / 86400);
    const hours = Math.floor(seconds / 3600) % 24;
    const minutes = Math.floor(seconds / 60) % 60;
    const two = (n) => String(n).padStart(2, "0");
    if (days) return `${days} ${d} ${hours} ${h}`;
    if (hours) return `${hours} ${h} ${two(minutes)} ${m}`;
    return `${minutes} ${m} ${two(seconds % 60)} ${s}`;
  };
  const tick = () => {
    for (const place of document.querySelectorAll("[data-countdown]")) {
      const holder = place.closest("[data-deadline]");
      const end = Date.parse(holder?.dataset.deadline || "");
      if (Number.isNaN(end)) continue;
      const seconds = Math.max(0, Math.floor((end - Date.now() - ahead) / 1000));
      const text = seconds ? left(seconds) : meta("countdown-over") || "0";
      if (place.textContent !== text) place.textContent = text;
      const shown = place.closest(".countdown") || holder;
      shown.classList.toggle("is-soon", seconds > 0 && seconds < 4 * 3600);
      shown.classList.toggle("is-over", seconds === 0);
    }
  };

  // ---- polls: the version goes out with each request, also before the extension has arrived
  document.addEventListener("htmx:config:request", (event) => {
    const context = event.detail?.ctx;
    const tag = context?.sourceElement?.getAttribute?.("data-hx-ptag");
    if (tag && context.request?.headers) context.request.headers["HX-PTag"] = tag;
  });

  // ---- changes are announced once, by what the fragment itself says has changed
  let said = null;
  const news = () => document.querySelector("[data-announce]")?.dataset.announce ?? null;
  const announce = () => {
    readServerTime(document.querySelector("[data-server-time]")?.dataset.serverTime);
    const now = news();
    if (now !== null && now !== said) document.getElementById("announcer").textContent = now;
    said = now;
    tick();
  };
  document.addEventListener("htmx:after:swap", announce);

  // ---- without htmx a live page reloads itself, unless someone is typing
  const live = () => document.querySelector('[data-live], [data-hx-trigger*="every"]');
  const typing = () => document.activeElement?.matches("input:not([type=hidden]), textarea, select");
  let fallback = null;
  const withoutHtmx = () => {
    if (window.htmx || fallback || !live()) return;
    fallback = setInterval(() => {
      if (window.htmx || !live()) return void (clearInterval(fallback), (fallback = null));
      if (!typing()) location.reload();
    }, RELOAD_SECONDS * 1000);
  };
  window.addEventListener(
    "error",
    (event) => {
      if (event.target?.tagName !== "SCRIPT") return;
      if (document.readyState === "loading") {
        document.addEventListener("readystatechange", withoutHtmx, { once: true });
      } else withoutHtmx();
    },
    true,
  );
  setTimeout(withoutHtmx, HTMX_WAIT_MS);

  // ---- forms: ask where the form says so, and send once however often the button is pressed
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (question && !window.confirm(question)) return event.preventDefault();
    // A file leaves the page as it is: the next may be asked for at once.
    if (form.hasAttribute("data-download")) return;
    if (form.dataset.sent && !form.hasAttribute("data-hx-post")) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) delete form.dataset.sent;
  });
  // ---- all boxes of a form at once, or none
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-tick-all]");
    if (!button) return;
    const boxes = [...document.querySelectorAll(`input[form="${button.dataset.tickAll}"]`)];
    const all = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = all;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    navigator.clipboard?.writeText(button.dataset.copy).then(() => {
      document.getElementById("announcer").textContent = button.dataset.copied || "";
      button.classList.add("is-copied");
    });
  });

  const ready = () => {
    said = news();
    tick();
    setInterval(tick, 1000);
    for (const button of document.querySelectorAll("[data-tick-all]")) button.hidden = false;
    document.querySelector(".summary")?.focus();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
