// Saving figures and tables: nothing leaves the page but the file that the reader asks for.
const svgSpace = new DOMParser().parseFromString("<svg></svg>", "text/html").querySelector("svg").namespaceURI;
const kept = ["fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin", "stroke-linecap",
  "opacity", "font-family", "font-size", "font-weight", "display", "vector-effect", "shape-rendering"];
const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
// Mixed colours as programs outside browsers know them.
function plainColour(value) {
  if (!/^(ok|color)/.test(value)) return value;
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = value;
  pixel.fillRect(0, 0, 1, 1);
  const [r, g, b] = pixel.getImageData(0, 0, 1, 1).data;
  return `rgb(${r}, ${g}, ${b})`;
}
function svgElement(name, attributes, text) {
  const made = document.createElementNS(svgSpace, name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  if (text !== undefined) made.textContent = text;
  return made;
}
function paper() { return getComputedStyle(document.body).backgroundColor; }
// A copy in which every colour and size stands as an attribute, on the colour of the page.
function figureCopy(svg) {
  const copy = svg.cloneNode(true);
  const originals = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((element, i) => {
    const style = getComputedStyle(originals[i]);
    for (const name of kept) element.setAttribute(name, plainColour(style.getPropertyValue(name)));
    element.removeAttribute("style");
  });
  const [x, y, width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  copy.prepend(svgElement("rect", { x, y, width, height, fill: paper() }));
  return copy;
}
// A table as a drawing of its cells.
function tableCopy(table) {
  const box = table.getBoundingClientRect();
  const width = Math.ceil(box.width) + 16, height = Math.ceil(box.height) + 16;
  const copy = svgElement("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  copy.append(svgElement("rect", { x: 0, y: 0, width, height, fill: paper() }));
  for (const cell of table.querySelectorAll("th, td")) {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(node);
      const style = getComputedStyle(node.parentElement);
      const place = range.getBoundingClientRect();
      if (place.width > 0) copy.append(svgElement("text", { x: place.left - box.left + 8, y: place.bottom - box.top + 8 - place.height / 4,
        fill: style.color, "font-size": style.fontSize, "font-family": style.fontFamily, "font-weight": style.fontWeight }, node.textContent));
    }
    const place = cell.getBoundingClientRect();
    copy.append(svgElement("path", { d: `M${place.left - box.left + 8} ${place.bottom - box.top + 8}h${place.width}`,
      stroke: getComputedStyle(cell).borderBottomColor, fill: "none" }));
  }
  return copy;
}
function tableText(table) {
  const quoted = text => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return Array.from(table.rows, row => Array.from(row.cells, cell =>
    quoted((cell.dataset.value ?? cell.textContent).trim().replaceAll("\u2212", "-"))).join(",")).join("\n") + "\n";
}
function saveFile(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
function svgBlob(svg) { return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" }); }
async function savePicture(name, svg) {
  const image = new Image();
  await new Promise((done, failed) => {
    image.onload = done;
    image.onerror = () => failed(new Error(`${name} can't be drawn`));
    image.src = URL.createObjectURL(svgBlob(svg));
  });
  const canvas = document.createElement("canvas");
  canvas.width = 2 * svg.getAttribute("width");
  canvas.height = 2 * svg.getAttribute("height");
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  saveFile(name, await new Promise(done => canvas.toBlob(done, "image/png")));
}
let unnamed = 0;
for (const figure of document.querySelectorAll("figure")) {
  const table = figure.querySelector("table"), svg = figure.querySelector(":scope > svg.figure"), data = figure.querySelector("template.data");
  if (!table && !svg) continue;
  const name = figure.id || `table-without-number-${++unnamed}`;
  const drawing = () => table ? tableCopy(table) : figureCopy(svg);
  const acts = {
    SVG: () => saveFile(name + ".svg", svgBlob(drawing())),
    PNG: () => savePicture(name + ".png", drawing()),
    CSV: () => saveFile(name + ".csv", new Blob([table ? tableText(table) : data.content.textContent], { type: "text/csv" })),
  };
  const bar = document.createElement("div");
  bar.className = "save";
  bar.append("Save as");
  for (const kind in acts) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = kind;
    button.setAttribute("aria-label", `Save ${name.replaceAll("-", " ")} as ${kind}`);
    button.addEventListener("click", acts[kind]);
    bar.append(button);
  }
  figure.append(bar);
}
