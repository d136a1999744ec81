// What the last two minutes were like: the service gives counters, people read rates.
const samples = 120;

const rate = (before, now, counter, seconds) => Math.max(0, (now[counter] - before[counter]) / seconds);

const share = (before, now) => {
  const faces = now.facesCovered - before.facesCovered;
  return faces > 0 ? 100 * (now.facesFallen - before.facesFallen) / faces : 0;
};

/** What is shown of a stream: its label, its newest value in words, and its value at every snapshot. */
export const measures = [
  { id: 'fps-in', label: 'Frames in', unit: ' /s', digits: 1, of: (a, b, s) => rate(a, b, 'framesIn', s) },
  { id: 'fps-out', label: 'Frames out', unit: ' /s', digits: 1, of: (a, b, s) => rate(a, b, 'framesOut', s) },
  { id: 'latency', label: 'Added latency', unit: ' ms', digits: 0, of: (a, b) => b.latencyMs },
  { id: 'faces', label: 'Faces', unit: ' /s', digits: 1, of: (a, b, s) => rate(a, b, 'facesCovered', s) },
  { id: 'fallbacks', label: 'Fallbacks', unit: ' %', digits: 0, of: share },
  { id: 'drops', label: 'Dropped', unit: ' /s', digits: 1, of: (a, b, s) => rate(a, b, 'framesDropped', s) },
  { id: 'reconnects', label: 'Reconnects', unit: '', digits: 0, of: (a, b) => b.reconnects },
];

export class History {
  #last = null;
  #at = 0;
  #values = new Map(measures.map(({ id }) => [id, []]));

  add(at, vitals) {
    const seconds = (at - this.#at) / 1000;
    // Counters that fell belong to a new start of the stream.
    const isFirst = !vitals || !this.#last || seconds <= 0 || vitals.framesIn < this.#last.framesIn;
    for (const { id, of } of measures) {
      const values = this.#values.get(id);
      values.push(isFirst ? null : of(this.#last, vitals, seconds));
      if (values.length > samples) values.shift();
    }
    this.#last = vitals;
    this.#at = at;
  }

  values(id) {
    return this.#values.get(id);
  }

  newest(id) {
    return this.#values.get(id).at(-1) ?? null;
  }
}

export const words = (measure, value) => (value === null ? '–' : value.toFixed(measure.digits) + measure.unit);
