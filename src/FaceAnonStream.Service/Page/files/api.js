// Talks to the service. The token stays in this tab.
const key = 'faceanon-token';

export class Unauthorized extends Error {}

export const remember = (token) => sessionStorage.setItem(key, token);

export async function request(path, options = {}) {
  const headers = new Headers(options.headers);
  const token = sessionStorage.getItem(key);
  if (token) headers.set('Authorization', `Bearer ${token}`);
  const response = await fetch(path, { ...options, headers, cache: 'no-store' });
  if (response.status === 401) throw new Unauthorized('the token is missing or wrong');
  return response;
}

/** Gives an order, and throws what the service says against it. */
export async function order(path) {
  const response = await request(path, { method: 'POST', headers: { 'Content-Type': 'application/json' } });
  if (response.ok) return;
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.detail ?? `the service answered ${response.status}`);
}

/** Hands over every snapshot until the connection ends or is silent for too long. */
export async function follow(onSnapshot, silenceMs = 10000) {
  const ended = new AbortController();
  let alarm;
  const listen = () => { clearTimeout(alarm); alarm = setTimeout(() => ended.abort(), silenceMs); };
  listen();
  try {
    const response = await request('/api/v1/events', { signal: ended.signal });
    if (!response.ok) throw new Error(`the service answered ${response.status}`);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      listen();
      text += value;
      for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
        const data = text.slice(0, end).split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5)).join('\n');
        if (data) onSnapshot(JSON.parse(data));
      }
    }
  } finally {
    clearTimeout(alarm);
    ended.abort();
  }
}
