// Papers: progress while files are uploaded, and turning and enlarging a sheet in review.
// Without this the same forms send the same files, and a picture opens by its link.
(() => {
  "use strict";
  const MOST_BYTES = 64 * 1024 * 1024;

  // ---- uploading: the form as it is, sent so that its progress can be shown
  const bar = () => document.querySelector(".upload-bar");
  const tell = (text, wrong = false) => {
    const place = bar()?.querySelector(".upload-says");
    if (!place) return;
    place.textContent = text;
    place.classList.toggle("is-wrong", wrong);
  };
  const word = (name) => bar()?.dataset[name] || "";
  const sizeOf = (data) =>
    [...data.values()].reduce((sum, value) => sum + (value instanceof File ? value.size : 0), 0);

  const show = (page) => {
    // The answer is the page anew: what was refused and why, or what is there now.
    const main = new DOMParser().parseFromString(page, "text/html").getElementById("main");
    if (!main) return location.reload();
    document.getElementById("main").replaceWith(main);
    const first = main.querySelector(".summary") || main;
    first.focus();
    first.scrollIntoView({ block: "start" });
  };

  const send = (form) => {
    const data = new FormData(form);
    if (sizeOf(data) > MOST_BYTES) return tell(word("tooLarge"), true);
    const progress = bar()?.querySelector("progress");
    const buttons = document.querySelectorAll("[data-upload] button");
    const busy = (now) => {
      for (const button of buttons) button.disabled = now;
      if (progress) progress.hidden = !now;
    };
    const failed = () => (busy(false), tell(word("failed"), true));
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.round((100 * event.loaded) / event.total);
      if (progress) progress.value = percent;
      const going = word("uploading").replace("#", `${percent} %`);
      tell(percent < 100 ? going : word("checking"));
    });
    request.addEventListener("load", () => {
      busy(false);
      if (request.responseURL.includes("/login")) return void (location.href = request.responseURL);
      if (request.status >= 500) return failed();
      show(request.responseText);
    });
    request.addEventListener("error", failed);
    request.addEventListener("abort", failed);
    request.open("POST", form.action);
    busy(true);
    request.send(data);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-upload]") || !bar()) return;
    event.preventDefault();
    delete form.dataset.sent; // the page stays: it may be sent again
    send(form);
  });
  document.addEventListener("change", (event) => {
    if (event.target.type !== "file" || !bar()) return;
    const chosen = [...document.querySelectorAll('input[type="file"][form="upload"]')];
    const count = chosen.reduce((sum, input) => sum + input.files.length, 0);
    tell(count ? word("chosen").replace("#", count) : "");
  });

  // ---- sheets
  document.addEventListener("DOMContentLoaded", () => {
    for (const tools of document.querySelectorAll("[data-sheet-tools]")) tools.hidden = false;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-zoom], [data-turn]");
    const frame = button?.closest(".sheet")?.querySelector("[data-sheet]");
    if (!frame) return;
    if (button.dataset.zoom) {
      const zoomed = Number(frame.dataset.zoomed || 1) + Number(button.dataset.zoom);
      frame.dataset.zoomed = Math.min(3, Math.max(1, zoomed));
    } else {
      frame.dataset.turned = (Number(frame.dataset.turned || 0) + 1) % 4;
    }
  });
})();
