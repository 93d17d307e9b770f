const { TestEnvironment } = require('jest-environment-node')
const run = require('./run.cjs')

// XState throws what an action throws once more, from a timer. With a mutant in a machine that happens when the test has failed and Jest listens no longer, and would end the process that
// runs the mutants, which costs seconds. The test has said what there is to say.
process.on('uncaughtException', () => {})

/** Node's environment, in which the first failure of a mutant ends it: Jest itself cannot bail when another program runs it (jestjs/jest#11766). */
module.exports = class extends TestEnvironment {
  async handleTestEvent(event) {
    if (event.name === 'test_start' && run.isDecided()) event.test.mode = 'skip'
    if (event.name === 'test_done' && event.test.errors.length > 0) run.decide()
  }
}
