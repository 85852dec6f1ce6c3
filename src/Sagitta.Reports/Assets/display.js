// Ticks at multiples of 1, 2 or 5 times a power of ten, as in the figures.
function niceTicks(low, high, target) {
  const rough = (high - low) / target;
  const power = Math.pow(10, Math.floor(Math.log10(rough)));
  const ratio = rough / power;
  const step = power * (ratio < 1.5 ? 1 : ratio < 3.5 ? 2 : ratio < 7.5 ? 5 : 10);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i <= Math.floor(high / step + 1e-9); i++) {
    ticks.push([i * step, (i === 0 ? 0 : i * step).toFixed(decimals).replace("-", "−")]);
  }
  return ticks;
}

function element(parent, name, attributes, text) {
  const e = document.createElementNS(parent.namespaceURI, name);
  for (const key in attributes) e.setAttribute(key, attributes[key]);
  if (text !== undefined) e.textContent = text;
  parent.append(e);
}

class View {
  constructor(group) {
    this.group = group;
    this.world = group.querySelector(".world");
    this.ticks = group.querySelector(".ticks");
    [this.left, this.top, this.width, this.height] = group.dataset.box.split(" ").map(Number);
    [this.x0, this.x1, this.y0, this.y1] = group.dataset.range.split(" ").map(Number);
    this.reset();
  }
  reset() {
    this.scaleX = this.scaleY = 1;
    this.moveX = this.moveY = 0;
    this.draw();
  }
  // Keeps the point (px, py) of the picture in place.
  zoom(factor, px = this.left + this.width / 2, py = Number(this.group.dataset.focus)) {
    const zooms = this.group.dataset.zooms;
    if (zooms.includes("x")) {
      const scale = Math.min(200, Math.max(1, this.scaleX * factor));
      this.moveX = px - (px - this.moveX) * scale / this.scaleX;
      this.scaleX = scale;
    }
    if (zooms.includes("y")) {
      const scale = Math.min(200, Math.max(1, this.scaleY * factor));
      this.moveY = py - (py - this.moveY) * scale / this.scaleY;
      this.scaleY = scale;
    }
    this.draw();
  }
  move(dx, dy) {
    const zooms = this.group.dataset.zooms;
    if (zooms.includes("x")) this.moveX += dx;
    if (zooms.includes("y")) this.moveY += dy;
    this.draw();
  }
  draw() {
    // The view never leaves what there is to see.
    const inside = (move, scale, start, length) => Math.min(start * (1 - scale), Math.max((start + length) * (1 - scale), move));
    this.moveX = inside(this.moveX, this.scaleX, this.left, this.width);
    this.moveY = inside(this.moveY, this.scaleY, this.top, this.height);
    this.world.setAttribute("transform", `matrix(${this.scaleX} 0 0 ${this.scaleY} ${this.moveX} ${this.moveY})`);
    const xOf = px => this.x0 + ((px - this.moveX) / this.scaleX - this.left) / this.width * (this.x1 - this.x0);
    const yOf = py => this.y0 + (this.top + this.height - (py - this.moveY) / this.scaleY) / this.height * (this.y1 - this.y0);
    const [xLow, xHigh, yLow, yHigh] = [xOf(this.left), xOf(this.left + this.width), yOf(this.top + this.height), yOf(this.top)];
    const clamp = (value, low, high) => Math.min(high, Math.max(low, Math.floor(value)));
    this.ticks.textContent = "";
    for (const [value, label] of niceTicks(xLow, xHigh, clamp(this.width / 80, 2, 8))) {
      const x = this.left + (value - xLow) / (xHigh - xLow) * this.width;
      element(this.ticks, "path", { class: "grid", d: `M${x} ${this.top}v${this.height}` });
      if (this.group.dataset.showX === "1") element(this.ticks, "text", { class: "tick-label", x, y: this.top + this.height + 16, "text-anchor": "middle" }, label);
    }
    for (const [value, label] of niceTicks(yLow, yHigh, clamp(this.height / 45, 3, 8))) {
      const y = this.top + this.height - (value - yLow) / (yHigh - yLow) * this.height;
      element(this.ticks, "path", { class: "grid", d: `M${this.left} ${y}h${this.width}` });
      element(this.ticks, "text", { class: "tick-label", x: this.left - 7, y: y + 3.8, "text-anchor": "end" }, label);
    }
  }
}

const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
document.body.append(tip);

for (const display of document.querySelectorAll(".display")) {
  const svg = display.querySelector(":scope > svg");
  const views = Array.from(svg.querySelectorAll(".view")).filter(g => g.dataset.zooms !== "").map(g => new View(g));
  const pointOf = event => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [point.x, point.y];
  };
  const viewAt = event => views.find(v => v.group === event.target.closest(".view"));
  for (const title of svg.querySelectorAll("title")) {
    title.parentElement.dataset.tip = title.textContent;
    title.remove();
  }
  for (const input of display.querySelectorAll("input")) {
    const apply = () => {
      if (input.type === "radio" && input.checked) display.dataset.by = input.value;
      if (input.type === "checkbox") {
        display.classList.toggle("hide-" + input.value, !input.checked);
        display.classList.toggle("show-" + input.value, input.checked);
      }
    };
    input.addEventListener("change", apply);
    apply();
  }
  for (const button of display.querySelectorAll("button[data-zoom]")) {
    button.addEventListener("click", () => {
      for (const view of views) {
        if (button.dataset.zoom === "reset") view.reset();
        else view.zoom(button.dataset.zoom === "in" ? 1.6 : 1 / 1.6);
      }
    });
  }
  svg.addEventListener("wheel", event => {
    const view = viewAt(event);
    // Scrolling a page must not stop at a picture: the wheel zooms once the picture was clicked, or with Ctrl.
    if (!view || (document.activeElement !== svg && !event.ctrlKey)) return;
    event.preventDefault();
    const [x, y] = pointOf(event);
    view.zoom(Math.exp(-event.deltaY * 0.002), x, y);
  }, { passive: false });
  let dragged = null;
  svg.addEventListener("pointerdown", event => {
    const view = viewAt(event);
    svg.focus({ preventScroll: true });
    if (!view || event.button !== 0) return;
    dragged = { view, at: pointOf(event) };
    view.group.classList.add("dragged");
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  svg.addEventListener("pointermove", event => {
    if (dragged) {
      const at = pointOf(event);
      dragged.view.move(at[0] - dragged.at[0], at[1] - dragged.at[1]);
      dragged.at = at;
      return;
    }
    const target = event.target.closest("[data-tip]");
    tip.hidden = !target;
    for (const lit of svg.querySelectorAll(".lit")) lit.classList.remove("lit");
    if (!target) return;
    tip.textContent = target.dataset.tip;
    tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + "px";
    tip.style.top = Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8) + "px";
    if (target.dataset.track !== undefined) {
      for (const part of svg.querySelectorAll(`[data-track="${target.dataset.track}"]`)) part.classList.add("lit");
    }
  });
  const release = () => {
    if (dragged) dragged.view.group.classList.remove("dragged");
    dragged = null;
  };
  svg.addEventListener("pointerup", release);
  svg.addEventListener("pointercancel", release);
  svg.addEventListener("pointerleave", () => { tip.hidden = true; });
  svg.addEventListener("keydown", event => {
    const act = { "+": v => v.zoom(1.6), "=": v => v.zoom(1.6), "-": v => v.zoom(1 / 1.6), "0": v => v.reset() }[event.key];
    if (!act) return;
    views.forEach(act);
    event.preventDefault();
  });
}
