import type { FindAccount } from '../lockout-options.js';
import { type ProtectedStrategy, protectionOf } from '../protected-strategy.js';
import { isBareAccessor } from './account-source.js';
import type { CheckResult } from './check.js';

/** Passport strategies are recognised by shape: the application may have its own copy of Passport. */
function isPassportStrategy(instance: object): boolean {
  const isNamed = typeof Reflect.get(instance, 'name') === 'string';
  if (!isNamed || typeof Reflect.get(instance, 'authenticate') !== 'function') return false;
  for (let proto: unknown = Object.getPrototypeOf(instance); proto; proto = Object.getPrototypeOf(proto)) {
    if (Reflect.get(proto as object, 'constructor')?.name === 'Strategy') return true;
  }
  return false;
}

function checkProtected(instance: object, strategy: ProtectedStrategy, findAccount: FindAccount | undefined) {
  const results: CheckResult[] = [];
  const subject = instance.constructor.name;
  const problem = strategy.problem(instance);
  if (problem !== null) {
    results.push({ id: 'LCK014', level: 'error', subject, message: problem, hint: '' });
  }
  const { account } = strategy.options;
  if (!account && !findAccount) {
    results.push({
      id: 'LCK008',
      level: 'error',
      subject,
      message:
        '@LockoutStrategy() needs a lookup, or every spelling of a name would have a budget of its own.',
      hint: 'Give LockoutModule findAccount, or the strategy account.',
    });
  }
  if (account && isBareAccessor(account)) {
    results.push({
      id: 'LCK011',
      level: 'warning',
      subject,
      message:
        'account hands on what was typed: databases find alice for álice, and each spelling gets its own budget.',
      hint: 'Leave account out to use findAccount, or look the account up and answer its id.',
    });
  }
  return results;
}

/** What is wrong with protected strategies of which Nest makes one for each request: none of them is ever bound. */
export function scopedStrategyChecks(types: readonly { readonly name: string }[]): readonly CheckResult[] {
  return types.map(({ name }) => ({
    id: 'LCK014',
    level: 'error',
    subject: name,
    message: 'This protected strategy is no singleton, so no engine is bound to it and nobody could sign in.',
    hint: 'Provide it in the default scope, with dependencies in the default scope only (ModuleRef resolves others).',
  }));
}

/** What is wrong with the Passport strategies among the providers. */
export function strategyChecks(
  instances: readonly object[],
  findAccount: FindAccount | undefined,
): readonly CheckResult[] {
  return instances.flatMap((instance): readonly CheckResult[] => {
    const strategy = protectionOf(instance);
    if (strategy) return checkProtected(instance, strategy, findAccount);
    if (!isPassportStrategy(instance)) return [];
    return [
      {
        id: 'LCK013',
        level: 'warning',
        subject: instance.constructor.name,
        message:
          'This Passport strategy is not protected: whatever it verifies can be guessed without limit.',
        hint:
          'Decorate it with @LockoutStrategy(). If nothing guessable is verified (signed tokens, OAuth), silence it: ' +
          `silencedChecks: ['LCK013:${instance.constructor.name}'].`,
      },
    ];
  });
}
