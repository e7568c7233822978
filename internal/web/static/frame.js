"use strict";
// What makes the pages quicker to use; each works without it.
(function () {
  const all = (selector, from) => (from || document).querySelectorAll(selector);

  // The current page is in sight where the navigation is a strip.
  const current = document.querySelector(".nav [aria-current]");
  if (current) current.scrollIntoView({ block: "nearest", inline: "center" });

  // A file that is dropped on the form is sent.
  for (const drop of all(".drop")) {
    const input = drop.querySelector("input[type=file]");
    const over = on => event => { event.preventDefault(); drop.classList.toggle("over", on); };
    drop.addEventListener("dragover", over(true));
    drop.addEventListener("dragleave", over(false));
    drop.addEventListener("drop", event => {
      over(false)(event);
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      drop.requestSubmit();
    });
  }

  // A filter that is changed is asked at once; the button is for those without script.
  for (const form of all("form[data-asks]")) form.addEventListener("change", () => form.requestSubmit());

  // A day can be slid to: the mark moves along, and the page comes again when the slider rests.
  const days = text => Math.round(Date.parse(text + "T00:00:00Z") / 864e5), text = n => new Date(n * 864e5).toISOString().slice(0, 10);
  for (const slider of all("input[data-date]")) {
    const field = slider.form.elements[slider.dataset.date];
    slider.min = days(slider.dataset.first); slider.max = days(slider.dataset.last); slider.value = days(field.value);
    slider.closest("label").hidden = false;
    slider.addEventListener("input", () => {
      field.value = text(+slider.value);
      if (slider.dataset.date !== "on") return;
      const at = 100 * (slider.value - slider.min) / (slider.max - slider.min) + "%";
      for (const mark of all(".span .on")) { mark.setAttribute("x1", at); mark.setAttribute("x2", at); }
    });
  }

  // The rest of a long paper follows once its beginning is to be seen; links within it then lead within the page.
  for (const rest of all("[data-rest]")) {
    const painted = follow => addEventListener("load", () => requestAnimationFrame(() => setTimeout(follow)));
    painted(async () => {
      const answer = await fetch(rest.dataset.rest + "&part=1");
      if (!answer.ok) return;
      const paper = rest.previousElementSibling, whole = new DOMParser().parseFromString(await answer.text(), "text/html");
      paper.append(...[...all("article.paper > section", whole)].slice(all(":scope > section", paper).length));
      rest.remove();
      for (const link of all("a[href]", paper)) if (link.hash && document.getElementById(decodeURIComponent(link.hash.slice(1)))) link.setAttribute("href", link.hash);
      if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
      document.documentElement.dataset.whole = "yes";
    });
  }

  // The reasons of a line open below it.
  for (const link of all("#rows a.more")) {
    link.setAttribute("aria-expanded", "false");
    link.addEventListener("click", async event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const row = link.closest("tr"), open = row.nextElementSibling;
      if (open && open.classList.contains("opened")) {
        open.hidden = !open.hidden;
        link.setAttribute("aria-expanded", String(!open.hidden));
        return;
      }
      const answer = await fetch(link.href + "?part=1");
      if (!answer.ok) { location.href = link.href; return; }
      const below = document.createElement("tr"), cell = document.createElement("td");
      below.className = "opened";
      cell.colSpan = row.cells.length;
      cell.append(new DOMParser().parseFromString(await answer.text(), "text/html").body);
      cell.replaceChildren(...cell.firstChild.childNodes);
      below.append(cell);
      row.after(below);
      link.setAttribute("aria-expanded", "true");
    });
  }

  // A job tells how far it is, and its page comes again once it has ended.
  const progress = document.getElementById("progress");
  if (progress) {
    const events = new EventSource(progress.dataset.events), sofar = document.getElementById("sofar");
    events.addEventListener("job", event => tell(JSON.parse(event.data)));
    events.onmessage = event => tell(JSON.parse(event.data));
    const tell = job => {
      sofar.textContent = progress.dataset.says.replace("{n}", job.rows || 0);
      if (["done", "failed", "cancelled"].includes(job.state)) { events.close(); location.reload(); }
    };
  }
})();
