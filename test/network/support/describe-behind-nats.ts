import { describe, test } from '@jest/globals'
import { whyNoNetworkWorld } from '../../../scripts/network-tools.mjs'

/** As `describe`, for tests in a {@link NetworkWorld}: skipped, with the reason, where there can be none; in CI that is a failure. */
export function describeBehindNats(name: string, body: () => void): void {
  const reason = whyNoNetworkWorld()
  if (reason === null) {
    describe(name, body)
    return
  }
  if (process.env.CI === 'true') {
    test(name, () => {
      throw new Error(`In CI nothing may be skipped, but these tests would be, ${reason}`)
    })
    return
  }
  console.warn(`Skipped: ${name}, ${reason}`)
  describe.skip(name, body)
}
