/** The course of a run, small enough to keep and to draw however long it takes. */
const mostPoints = 400;

/** Mean loss over stretches of equal length; when there are too many, two become one. */
export class LossCurve {
  #stretch = 1; // steps in one point
  #sum = 0;
  #steps = 0; // summed up, of the point to come

  seen = []; // pictures seen at the end of each stretch
  loss = []; // nats

  /** A step's loss, after which `seen` pictures were seen. */
  add(seen, loss) {
    this.#sum += loss;
    if (++this.#steps < this.#stretch) return;
    this.seen.push(seen);
    this.loss.push(this.#sum / this.#steps);
    this.#sum = this.#steps = 0;
    if (this.loss.length >= mostPoints) this.#halve();
  }

  #halve() {
    this.#stretch *= 2;
    this.seen = this.seen.filter((_, i) => i % 2 === 1);
    this.loss = this.seen.map((_, i) => (this.loss[2 * i] + this.loss[2 * i + 1]) / 2);
  }
}

/** Glances at a run [{ seen, accuracy }], with a newer one; when there are too many, of those before it two become one. */
export function withGlance(glances, glance) {
  if (glances.length < mostPoints) return [...glances, glance];
  const halved = glances
    .filter((_, i) => i % 2 === 1)
    .map(({ seen, accuracy }, i) => ({ seen, accuracy: (glances[2 * i].accuracy + accuracy) / 2 }));
  return [...halved, glance];
}
