import { expect, test } from '@jest/globals'
import { runChild } from '../../support/run-child.ts'

test('the browser transport passes the acceptance suite over another implementation, for Node', async () => {
  const { stdout, stderr } = await runChild('test/transport/browser/children/other-implementation.ts', {
    timeout: 170_000,
  })
  expect([stdout.slice(0, 1), stderr]).toEqual(['{', ''])
  const { run, failures } = JSON.parse(stdout) as { run: number; failures: string[] }
  expect(failures).toEqual([])
  expect(run).toBeGreaterThan(70)
}, 180_000)
