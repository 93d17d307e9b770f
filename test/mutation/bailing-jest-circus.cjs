const { createEmptyTestResult } = require('@jest/test-result')
const { default: circus } = require('jest-circus/runner')
const run = require('./run.cjs')

/** Jest takes a file without tests for an error. */
const LEFT_OUT = {
  status: 'pending',
  title: 'left out',
  fullName: 'left out',
  ancestorTitles: [],
  failureMessages: [],
  failureDetails: [],
}

/** Jest's own runner; once a mutant is found, test files that are left are not even loaded. */
module.exports = async (...file) =>
  run.isDecided() ? { ...createEmptyTestResult(), numPendingTests: 1, testResults: [LEFT_OUT] } : circus(...file)
