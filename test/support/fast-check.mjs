import fc from '../../node_modules/fast-check/lib/fast-check.js';

/**
 * fast-check, as the specs get it. With `CI` set every run tries the same cases: a change is judged by what it changed, and
 * a gate that was green is green again. Everywhere else each run tries new ones; what breaks tells its seed.
 */
if (process.env.CI) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_260_101 });

export * from '../../node_modules/fast-check/lib/fast-check.js';
export default fc;
