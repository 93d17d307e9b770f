/** Whether a test has failed with the mutant that is active now, so that nothing else needs to run against it. */
let decided

const active = () => process.env.__STRYKER_ACTIVE_MUTANT__

module.exports = {
  decide: () => (decided = active()),
  isDecided: () => decided !== undefined && decided === active(),
}
