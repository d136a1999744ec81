// Questions to whoever sits in front of the page.
const show = (id, prepare, read) => new Promise((resolve) => {
  const dialog = document.getElementById(id);
  const form = dialog.querySelector('form');
  prepare(dialog);
  const done = (answer) => {
    form.onsubmit = dialog.onclose = dialog.onclick = null;
    if (dialog.open) dialog.close();
    resolve(answer);
  };
  form.onsubmit = (event) => { event.preventDefault(); done(read(form)); };
  dialog.onclose = () => done(null);
  dialog.onclick = (event) => { if (event.target.value === 'no') done(null); };
  dialog.showModal();
});

/** The token, or null where there is no answer. */
export const askToken = (isRetry) => show('token', (dialog) => {
  const input = dialog.querySelector('input');
  input.value = '';
  dialog.querySelector('#token-why').textContent = isRetry
    ? 'That token is wrong. It is kept in this tab only.'
    : 'This service asks for its token. It is kept in this tab only.';
}, (form) => form.elements.token.value.trim());

/** True where a stream may be stopped. */
export const askStop = (name) => show('confirm', (dialog) => {
  dialog.querySelector('h2').textContent = `Stop ${name}?`;
}, () => true);
