// Adds the controls of a FrameStepper to its still picture. Needs no library and no kernel.
// `figure` holds an <img> and a <figcaption>; `steps` has one picture, description and
// caption for each step.
function addControls(figure, { steps, start, interval }) {
  const picture = figure.querySelector("img");
  const caption = figure.querySelector("figcaption");
  const last = steps.length - 1;

  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const button = make("button", { type: "button" });
  const slider = make("input", { type: "range", min: 1, max: steps.length });
  const position = make("span", {});
  const label = make("label", {}, "Step ", slider);
  const controls = make("div", {}, button, label, position);
  label.style.cssText = "display: flex; align-items: center; gap: 8px; flex: 0 1 340px";
  slider.style.cssText = "flex: 1 1 60px; min-width: 60px";
  button.style.cssText = "min-width: 7em; padding: 3px 8px; font: inherit";
  position.style.cssText = "white-space: nowrap; font-variant-numeric: tabular-nums";
  controls.style.cssText =
    "display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; margin-bottom: 6px";
  // JupyterLab would take the arrow keys, to select another cell.
  for (const element of [button, slider]) element.dataset.lmSuppressShortcuts = "true";

  let now;
  const show = (step) => {
    now = step;
    const { src, alt, text } = steps[step];
    picture.src = src;
    picture.alt = alt;
    caption.textContent = text;
    slider.value = step + 1;
    position.textContent = `${step + 1} of ${steps.length}`;
    slider.setAttribute("aria-valuetext", [position.textContent, text].filter(Boolean).join(": "));
  };

  let timer = null;
  const pause = () => {
    clearInterval(timer);
    timer = null;
    button.textContent = "▶ Play";
    button.setAttribute("aria-label", "Play the steps");
  };
  const advance = () => {
    if (now < last && figure.isConnected) show(now + 1);
    if (now === last || !figure.isConnected) pause();
  };
  const play = () => {
    show(now < last ? now + 1 : 0);
    if (now === last) return;
    timer = setInterval(advance, interval);
    button.textContent = "❚❚ Pause";
    button.setAttribute("aria-label", "Pause");
  };

  button.addEventListener("click", () => (timer === null ? play() : pause()));
  slider.addEventListener("input", () => {
    pause();
    show(Number(slider.value) - 1);
  });
  figure.prepend(controls);
  pause();
  show(start);
}
