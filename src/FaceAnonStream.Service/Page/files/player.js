// Plays the fragmented-MP4 HLS of a preview. Browsers cannot send a token with a video's address, so we fetch and feed it.
import { request, Unauthorized } from './api.js';

const Source = window.ManagedMediaSource ?? window.MediaSource;
const keepSeconds = 20;

export class Player {
  #isOver = false;
  #url = null;

  constructor(video, say, folder) {
    this.video = video;
    this.say = say;
    this.folder = folder;
  }

  async play() {
    if (!Source) {
      this.say('This browser cannot play the preview: it has no Media Source Extensions.');
      return;
    }
    this.say('The preview is being started…');
    while (!this.#isOver) {
      try {
        await this.#playOnce();
      } catch (error) {
        if (error instanceof Unsupported || error instanceof Unauthorized) {
          this.say(error.message);
          return;
        }
        if (!this.#isOver) this.say('The preview was interrupted and is tried again…');
        await wait(1000);
      }
    }
  }

  stop() {
    this.#isOver = true;
    this.video.removeAttribute('src');
    this.video.load();
    if (this.#url) URL.revokeObjectURL(this.#url);
  }

  /** Returns when the rendition began anew, and throws when it was lost. */
  async #playOnce() {
    const source = new Source();
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = URL.createObjectURL(source);
    this.video.disableRemotePlayback = true;
    this.video.src = this.#url;
    await once(source, 'sourceopen');
    let buffer = null;
    let begun = null;
    let next = -1;
    while (!this.#isOver) {
      const list = await this.#playlist();
      if (!list) {
        await wait(400);
        continue;
      }
      if (begun !== null && (list.init !== begun || list.first + list.segments.length < next)) return;
      if (!buffer) {
        const init = await this.#bytes(list.init);
        if (!init) continue;
        buffer = open(source, init);
        begun = list.init;
        await append(buffer, init);
        // Two segments to begin with: near to now, and enough not to stop at once.
        next = list.first + Math.max(0, list.segments.length - 2);
      }
      next = Math.max(next, list.first);
      for (; next < list.first + list.segments.length && !this.#isOver; next++) {
        const segment = await this.#bytes(list.segments[next - list.first]);
        if (segment) await append(buffer, segment);
      }
      await this.#stayNear(buffer, list.target);
      await wait(Math.max(200, list.target * 400));
    }
  }

  async #stayNear(buffer, target) {
    const { buffered } = buffer;
    if (buffered.length === 0) return;
    const begin = buffered.start(buffered.length - 1);
    const end = buffered.end(buffered.length - 1);
    if (this.video.currentTime < begin || end - this.video.currentTime > 3 * target + 1) {
      this.video.currentTime = Math.max(begin, end - 2 * target);
    }
    if (this.video.paused) await this.video.play().catch(() => {});
    this.say('');
    if (end - buffered.start(0) > 2 * keepSeconds && !buffer.updating) {
      buffer.remove(0, end - keepSeconds);
      await once(buffer, 'updateend');
    }
  }

  async #playlist() {
    const bytes = await this.#bytes('index.m3u8');
    if (!bytes) return null;
    const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
    const value = (tag) => lines.find((line) => line.startsWith(tag))?.slice(tag.length);
    const init = value('#EXT-X-MAP:')?.match(/URI="([^"]+)"/)?.[1];
    const segments = lines.filter((line) => line && !line.startsWith('#'));
    return init && segments.length > 0
      ? { init, segments, first: Number(value('#EXT-X-MEDIA-SEQUENCE:') ?? 0), target: Number(value('#EXT-X-TARGETDURATION:') ?? 1) }
      : null;
  }

  async #bytes(name) {
    const response = await request(`${this.folder}/${encodeURIComponent(name)}`);
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`the service answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

class Unsupported extends Error {}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const once = (target, event) => new Promise((resolve, reject) => {
  const settled = new AbortController();
  const settle = (then, value) => () => { settled.abort(); then(value); };
  target.addEventListener(event, settle(resolve), { signal: settled.signal });
  target.addEventListener('error', settle(reject, new Error('the browser cannot decode the preview')), { signal: settled.signal });
});

async function append(buffer, bytes) {
  buffer.appendBuffer(bytes);
  await once(buffer, 'updateend');
}

function open(source, init) {
  const type = `video/mp4; codecs="${codecs(init)}"`;
  if (!Source.isTypeSupported(type)) throw new Unsupported(`This browser cannot play the preview: it does not know ${type}.`);
  const buffer = source.addSourceBuffer(type);
  buffer.mode = 'segments';
  return buffer;
}

/** The codecs that an initialisation segment names (ISO/IEC 14496-15: avcC holds profile, constraints and level). */
function codecs(init) {
  const at = find(init, 'avcC');
  if (at < 0) throw new Unsupported('This browser cannot play the preview: it is not H.264.');
  const avc = 'avc1.' + [...init.subarray(at + 5, at + 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return find(init, 'mp4a') < 0 ? avc : `${avc},mp4a.40.2`;
}

function find(bytes, name) {
  const codes = [...name].map((letter) => letter.charCodeAt(0));
  return bytes.findIndex((_, i) => codes.every((code, k) => bytes[i + k] === code));
}
