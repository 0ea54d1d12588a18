// Shows the numbers of the step under the pointer. The page is complete without it.
for (const figure of document.querySelectorAll("figure")) {
  const source = figure.querySelector("script");
  if (!source) continue;
  const data = JSON.parse(source.textContent);
  const chart = figure.querySelector(".chart");
  let tip = null;
  let cursor = null;
  const hide = () => {
    tip?.remove();
    cursor?.remove();
    tip = cursor = null;
  };
  const line = (parent, series, value) => {
    const row = parent.appendChild(document.createElement("div"));
    row.appendChild(document.createElement("i")).className = series.class;
    row.append(series.name);
    row.appendChild(document.createElement("em")).textContent = value;
  };
  const show = (event) => {
    const svg = event.target.closest("svg");
    if (!svg) return;
    const box = svg.getBoundingClientRect();
    const zoom = svg.viewBox.baseVal.width / box.width;
    const { l, r, t, b } = svg.dataset;
    const part = ((event.clientX - box.left) * zoom - l) / (r - l);
    if (part < -0.02 || part > 1.02) return hide();
    let at = 0;
    for (let i = 1; i < data.x.length; i++) {
      if (Math.abs(data.x[i] - part) < Math.abs(data.x[at] - part)) at = i;
    }
    hide();
    const x = +l + data.x[at] * (r - l);
    cursor = document.createElementNS("http://www.w3.org/2000/svg", "path");
    cursor.setAttribute("class", "cursor");
    cursor.setAttribute("d", `M${x} ${t}V${b}`);
    svg.append(cursor);
    tip = chart.appendChild(document.createElement("div"));
    tip.className = "tip";
    tip.appendChild(document.createElement("b")).textContent = data.times[at];
    for (const series of data.series) {
      if (series.values[at] !== null) line(tip, series, series.values[at]);
    }
    const left = x / zoom;
    const fits = left + 14 + tip.offsetWidth < box.width;
    tip.style.left = `${fits ? left + 14 : Math.max(0, left - 14 - tip.offsetWidth)}px`;
  };
  chart.addEventListener("pointermove", show);
  chart.addEventListener("pointerdown", show);
  chart.addEventListener("pointerleave", hide);
}
