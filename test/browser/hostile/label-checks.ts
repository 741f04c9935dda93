import type { Page } from 'playwright-core';

/** Marks that turn text around, and letters that are written from right to left. */
const TURNING =
  '[\\u0590-\\u08ff\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufb1d-\\ufdff\\ufe70-\\ufefc]';

/**
 * Told by the page: what a label did to it. Whether neighbours are in reading order is looked up where they were drawn:
 * in one line the letters that are no part of a label go from left to right.
 */
const CHECK = `(labels) => {
  const faults = [];
  if (window.pwned !== undefined) faults.push('something ran');
  const made = document.querySelectorAll('[data-pwned], script:not([src]), iframe, object, embed, base, img:not([src^="data:"])');
  for (const element of made) if (element.localName !== 'template') faults.push('an element was made: ' + element.outerHTML.slice(0, 120));
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) faults.push('a handler was made: ' + name);
      if (/^(href|src|action|formaction)$/.test(name) && /^\\s*(javascript|data|vbscript):/i.test(value) && element.localName !== 'img')
        faults.push('a link that runs: ' + value.slice(0, 80));
    }
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push('the page is ' + scrollWidth + ' wide in a window of ' + clientWidth);

  const isBlock = (element) => !['inline', 'contents'].includes(getComputedStyle(element).display);
  const turning = new RegExp(${JSON.stringify(TURNING)}, 'u');
  const blocks = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (/[\\u202a-\\u202e\\u2066\\u2067]/.test(node.data)) faults.push('not spelled out: ' + JSON.stringify(node.data.slice(0, 120)) + ' in ' + node.parentElement.outerHTML.slice(0, 80));
    if (!turning.test(node.data)) continue;
    let block = node.parentElement;
    while (block && !isBlock(block)) block = block.parentElement;
    if (block && block.getClientRects().length > 0) blocks.add(block);
  }
  for (const block of blocks) {
    const letters = [];
    let text = '';
    const inner = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    for (let node = inner.nextNode(); node; node = inner.nextNode()) {
      let parent = node.parentElement;
      while (parent !== block && !isBlock(parent)) parent = parent.parentElement;
      if (parent !== block) continue;
      for (let at = 0; at < node.data.length; at += 1) letters.push({ node, at });
      text += node.data;
    }
    for (const label of labels) {
      for (let from = text.indexOf(label); from >= 0; from = text.indexOf(label, from + 1)) {
        for (let at = from; at < from + label.length; at += 1) letters[at].isLabel = true;
      }
    }
    const lines = new Map();
    const range = document.createRange();
    for (const [index, { node, at, isLabel }] of letters.entries()) {
      if (isLabel || !/[A-Za-z0-9]/.test(node.data[at])) continue;
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const box = range.getBoundingClientRect();
      if (box.width === 0) continue;
      const line = Math.round(box.bottom);
      const before = lines.get(line);
      if (before && box.left < before.left - 0.5) {
        faults.push('turned around: ' + JSON.stringify(text.slice(0, 160)) + ' at ' + JSON.stringify(text.slice(Math.max(0, index - 5), index + 5)));
        break;
      }
      lines.set(line, box);
    }
  }
  return faults;
}`;

/** What these labels did to the page that is shown. */
export const faultsOnPage = (page: Page, labels: readonly string[]): Promise<readonly string[]> =>
  page.evaluate<readonly string[]>(`(${CHECK})(${JSON.stringify(labels)})`);

/** Marks that would turn what stands beside them, where nothing but text can be: the tab's title and names for listeners. */
export const unclosedNames = (page: Page): Promise<readonly string[]> =>
  page.evaluate<readonly string[]>(`(() => {
    const names = [document.title, ...[...document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')].flatMap((element) =>
      ['aria-label', 'title', 'placeholder', 'alt'].map((name) => element.getAttribute(name) ?? ''))];
    return names.filter((name) => /[\\u202a-\\u202e\\u2066\\u2067]|\\u2069[^]*\\u2069(?![^]*\\u2068)/.test(name.replaceAll(/\\u2068[^\\u2066-\\u2069]*\\u2069/g, '')));
  })()`);
