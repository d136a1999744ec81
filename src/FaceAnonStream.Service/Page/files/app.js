import { follow, remember, Unauthorized } from './api.js';
import { askToken } from './ask.js';
import { Card, stateWords } from './card.js';

const part = (id) => document.getElementById(id);
const cards = new Map();
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function show(snapshot) {
  const at = Date.parse(snapshot.at);
  const names = new Set(snapshot.streams.map(({ name }) => name));
  for (const [name, card] of cards) {
    if (!names.has(name)) {
      card.remove();
      cards.delete(name);
      announce(`${name} was removed`);
    }
  }
  snapshot.streams.forEach((stream, i) => {
    let card = cards.get(stream.name);
    if (!card) {
      card = new Card(stream.name);
      cards.set(stream.name, card);
    }
    if (part('cards').children[i] !== card.element) part('cards').insertBefore(card.element, part('cards').children[i] ?? null);
    const before = card.state;
    card.update(at, stream);
    if (before && before !== stream.state) {
      announce(`${stream.name}: ${stateWords[stream.state] ?? stream.state}${stream.reason ? `, ${stream.reason}` : ''}`);
    }
  });
  part('empty').hidden = cards.size > 0;
  part('total').textContent = total();
}

function total() {
  const all = [...cards.values()];
  const states = Object.entries(stateWords)
    .map(([state, word]) => [all.filter((card) => card.state === state).length, word.toLowerCase()])
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  const sum = (what) => all.reduce((amount, card) => amount + card.rates[what], 0).toFixed(1);
  const streams = `${all.length} ${all.length === 1 ? 'stream' : 'streams'}`;
  return all.length === 0 ? streams : `${streams}: ${states.join(', ')} · ${sum('out')} frames/s · ${sum('faces')} faces/s`;
}

function announce(text) {
  part('announcer').textContent = text;
}

function setConnected(isConnected) {
  const banner = part('connection');
  if (banner.hidden === isConnected) return;
  banner.hidden = isConnected;
  banner.textContent = isConnected ? '' : 'The connection to the service is lost, and is being made again. What you see is old.';
  part('streams').classList.toggle('stale', !isConnected);
}

async function run() {
  let asked = false;
  for (let pause = 500; ; pause = Math.min(2 * pause, 8000)) {
    try {
      await follow((snapshot) => {
        asked = false;
        pause = 500;
        setConnected(true);
        show(snapshot);
      });
    } catch (error) {
      if (error instanceof Unauthorized) {
        part('total').textContent = 'Waiting for the token';
        const token = await askToken(asked);
        asked = true;
        if (token) remember(token);
        pause = 250;
        continue;
      }
    }
    setConnected(false);
    await wait(pause);
  }
}

run();
