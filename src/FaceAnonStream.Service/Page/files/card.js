// One stream. Every text is set as text: names and reasons come from elsewhere.
import { order } from './api.js';
import { askStop } from './ask.js';
import { History, measures, words } from './history.js';
import { Player } from './player.js';
import { sparkline } from './spark.js';

export const stateWords = { running: 'Running', starting: 'Starting', degraded: 'Degraded', failed: 'Failed', stopped: 'Stopped' };

export class Card {
  #history = new History();
  #player = null;
  #shown = new Map();

  constructor(name) {
    this.name = name;
    this.state = null;
    this.element = document.getElementById('card').content.firstElementChild.cloneNode(true);
    this.#part('h2').textContent = name;
    this.#part('h2').id = `stream-${name}`;
    this.#part('article').setAttribute('aria-labelledby', `stream-${name}`);
    for (const button of this.element.querySelectorAll('button')) button.setAttribute('aria-label', `${button.textContent} ${name}`);
    for (const measure of measures) this.#addMeasure(measure);
    this.#part('.start').addEventListener('click', () => this.#order('start'));
    this.#part('.stop').addEventListener('click', async () => { if (await askStop(name)) await this.#order('stop'); });
    this.#part('.watch').addEventListener('click', () => (this.#player ? this.#unwatch() : this.#watch()));
  }

  get rates() {
    return { out: this.#history.newest('fps-out') ?? 0, faces: this.#history.newest('faces') ?? 0 };
  }

  update(at, stream) {
    this.#history.add(at, stream.state === 'stopped' ? null : stream.vitals);
    this.state = stream.state;
    const state = this.#part('.state');
    state.textContent = stateWords[stream.state] ?? stream.state;
    state.dataset.state = stream.state;
    this.#part('.reason').textContent = stream.reason ?? '';
    const size = stream.vitals?.width ? `, ${stream.vitals.width} × ${stream.vitals.height}` : '';
    const origin = stream.origin === 'api' ? ' (added by API: forgotten at a restart)' : '';
    this.#part('.route').textContent = `${stream.source} → ${stream.output}${size}${origin}`;
    this.#showButton(stream.state === 'stopped' ? 'start' : 'stop', stream.state === 'stopped' ? 'stop' : 'start');
    this.#part('.numbers').hidden = stream.state === 'stopped';
    this.#part('.watch').hidden = !stream.hasPreview && !this.#player;
    for (const measure of measures) {
      const { value, spark } = this.#shown.get(measure.id);
      value.textContent = words(measure, this.#history.newest(measure.id));
      spark.draw(this.#history.values(measure.id));
    }
    if (!stream.hasPreview && this.#player) this.#unwatch();
  }

  remove() {
    this.#unwatch();
    this.element.remove();
  }

  #part(selector) {
    return this.element.querySelector(selector);
  }

  #addMeasure(measure) {
    const group = document.createElement('div');
    const label = group.appendChild(document.createElement('dt'));
    label.textContent = measure.label;
    const value = group.appendChild(document.createElement('dd'));
    value.className = measure.id;
    const spark = sparkline();
    group.append(spark.svg);
    this.#part('.numbers').append(group);
    this.#shown.set(measure.id, { value, spark });
  }

  /** One of two buttons in the same place; the focus stays in it. */
  #showButton(shown, hidden) {
    const hadFocus = document.activeElement === this.#part(`.${hidden}`);
    this.#part(`.${shown}`).hidden = false;
    this.#part(`.${hidden}`).hidden = true;
    if (hadFocus) this.#part(`.${shown}`).focus();
  }

  async #order(verb) {
    const button = this.#part(`.${verb}`);
    const failure = this.#part('.failure');
    if (button.ariaDisabled === 'true') return;
    // Not disabled, which would lose the focus.
    button.ariaDisabled = 'true';
    failure.hidden = true;
    try {
      await order(`/api/v1/streams/${encodeURIComponent(this.name)}/${verb}`);
    } catch (error) {
      failure.textContent = `Cannot ${verb}: ${error.message}`;
      failure.hidden = false;
    }
    button.ariaDisabled = 'false';
  }

  #watch() {
    const status = this.#part('.preview p');
    this.#part('.preview').hidden = false;
    this.#part('video').setAttribute('aria-label', `Anonymised output of ${this.name}`);
    this.#mark(true);
    this.#player = new Player(this.#part('video'), (text) => { status.textContent = text; }, `/api/v1/streams/${encodeURIComponent(this.name)}/preview`);
    this.#player.play();
  }

  #unwatch() {
    this.#player?.stop();
    this.#player = null;
    this.#part('.preview').hidden = true;
    this.#mark(false);
  }

  #mark(isOpen) {
    const button = this.#part('.watch');
    button.setAttribute('aria-expanded', String(isOpen));
    button.textContent = isOpen ? 'Hide' : 'Preview';
    button.setAttribute('aria-label', `${isOpen ? 'Hide preview' : 'Preview'} ${this.name}`);
  }
}
