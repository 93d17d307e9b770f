const { default: Sequencer } = require('@jest/test-sequencer')

/** Unit tests first, models after them: the first failure ends a mutant, and units find most of them in milliseconds. */
module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => (path.includes('/test/models/') ? 1 : 0)
    return [...tests].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1))
  }
}
