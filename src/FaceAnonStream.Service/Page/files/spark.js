// A line of the last values, the newest at the right.
const space = 'http://www.w3.org/2000/svg';
const width = 120;
const height = 28;

export function sparkline() {
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('class', 'spark');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  const path = svg.appendChild(document.createElementNS(space, 'path'));
  return { svg, draw: (values) => path.setAttribute('d', line(values)) };
}

function line(values) {
  const top = Math.max(1, ...values.filter((value) => value !== null)) * 1.1;
  let isDown = false;
  let text = '';
  values.forEach((value, i) => {
    if (value !== null) {
      const x = width - (values.length - 1 - i);
      const y = height - 1 - (value / top) * (height - 2);
      text += `${isDown ? 'L' : 'M'}${x} ${y.toFixed(1)}`;
    }
    isDown = value !== null;
  });
  return text;
}
