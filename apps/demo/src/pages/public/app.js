/** Calls the JSON API. Never throws for an answer: `ok` says whether it is one to be glad of. */
export async function call(method, path, body, headers = {}) {
  const init = { method, headers: { Accept: 'application/json', ...headers } };
  if (body !== undefined) {
    init.headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  try {
    const response = await fetch(path, init);
    const text = await response.text();
    return { ok: response.ok, status: response.status, body: text === '' ? {} : JSON.parse(text) };
  } catch {
    return { ok: false, status: 0, body: { detail: 'The server does not answer.' } };
  }
}

const running = new WeakMap();

function stopCountdown(element) {
  clearInterval(running.get(element));
  running.delete(element);
}

export function say(element, text) {
  stopCountdown(element);
  element.textContent = text;
}

function remaining(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const two = (number) => String(number).padStart(2, '0');
  return minutes >= 60
    ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}

/** Shows what a problem says; with a live countdown where it says until when. */
export function sayProblem(element, { body }) {
  const detail = body.detail ?? 'That did not work.';
  say(element, detail);
  if (!body.retryAt) return;
  const until = Date.parse(body.retryAt);
  // A countdown in the alert itself would be read aloud every second.
  const counter = document.createElement('span');
  counter.setAttribute('aria-hidden', 'true');
  counter.className = 'countdown';
  element.append(' ', counter);
  const tick = () => {
    const left = until - Date.now();
    if (left <= 0) {
      say(element, 'You can try again now.');
      return;
    }
    counter.textContent = `(${remaining(left)})`;
  };
  running.set(element, setInterval(tick, 1000));
  tick();
}

/** Runs `work` at each click, once at a time. */
export function onClick(button, work) {
  button.addEventListener('click', () => {
    button.disabled = true;
    void work().finally(() => {
      button.disabled = false;
    });
  });
}

/** Runs `submit` with the form's fields, once at a time. */
export function onSubmit(form, submit) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const button = form.querySelector('button');
    button.disabled = true;
    void submit(Object.fromEntries(new FormData(form))).finally(() => {
      button.disabled = false;
    });
  });
}

export const byId = (id) => document.getElementById(id);
