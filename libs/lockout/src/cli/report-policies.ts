import type { LockoutPolicy, PolicyTotals, PolicyWarningLevel } from '../policy/index.js';
import { html, type Markup } from './markup.js';
import { durationText } from './moment-text.js';
import { count } from './plain-number.js';
import { policyWords } from './policy-words.js';
import type { Simulation } from './simulation.js';

function policyMarkup(policy: LockoutPolicy, totals: PolicyTotals | undefined): Markup {
  const longest = totals && totals.longestMs > 0 ? durationText(totals.longestMs) : 'none';
  return html`<article>
<h3>${policy.name}</h3>
<p>${policyWords(policy).join(' ')}</p>
<dl class="numbers"><div><dt>locks</dt><dd>${count(totals?.locks ?? 0)}</dd></div><div><dt>longest</dt><dd>${longest}</dd></div><div><dt>without an end</dt><dd>${count(totals?.indefinite ?? 0)}</dd></div><div><dt>attempts refused</dt><dd>${count(totals?.refused ?? 0)}</dd></div></dl>
<details><summary>As JSON</summary><pre tabindex="0">${JSON.stringify(policy, null, 2)}</pre></details>
</article>`;
}

/** The policies in words, and what they would have done. */
export const policiesSection = ({
  policies,
  report,
}: Simulation): Markup => html`<section aria-labelledby="policies">
<h2 id="policies">The policies</h2>
${policies.map((policy) =>
  policyMarkup(
    policy,
    report.policies.find(({ policy: name }) => name === policy.name),
  ),
)}
</section>`;

/** What the linter has to say of them: first what is seldom meant, then what is good to know. */
export function warningsSection({ warnings }: Simulation): Markup {
  const items = (level: PolicyWarningLevel) =>
    warnings
      .filter((warning) => warning.level === level)
      .map(
        ({ id, policy, path, message, hint }) =>
          html`<li>${policy === null ? null : html`<strong>${policy}</strong>: `}<code>${path}</code> ${message}. <span class="hint">${hint}</span> <small>${id}</small></li>`,
      );
  const list = (title: string, level: PolicyWarningLevel) =>
    items(level).length > 0 ? html`<h3>${title}</h3><ul class="warnings">${items(level)}</ul>` : null;
  const body = [list('Seldom meant', 'warning'), list('Good to know', 'info')].filter(
    (part) => part !== null,
  );
  return html`<section aria-labelledby="change">
<h2 id="change">What to change, perhaps</h2>
${body.length > 0 ? body : html`<p>Nothing stands out in these policies.</p>`}
</section>`;
}
