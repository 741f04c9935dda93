const { TestEnvironment } = require('jest-environment-node');

/** Minutes each once the code counts what it runs; what they are about is tried by others, too. */
const TOO_SLOW = /locks without a maximum outlast every window|also where they are hundreds/;

/** One failure kills a mutant: the tests after it are skipped. (Jest's own `bail` only skips whole files.) */
module.exports = class FirstFailureEnvironment extends TestEnvironment {
  #failed = false;

  handleTestEvent(event) {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') this.#failed = true;
    if (event.name === 'test_start' && (this.#failed || TOO_SLOW.test(event.test.name)))
      event.test.mode = 'skip';
  }
};
