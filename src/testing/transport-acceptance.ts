import { bufferingTests } from './transport-acceptance/buffering.ts'
import { makeScenario } from './transport-acceptance/bench.ts'
import { channelOptionTests } from './transport-acceptance/channel-options.ts'
import { closingTests } from './transport-acceptance/closing.ts'
import { lossTests } from './transport-acceptance/loss.ts'
import { messageTests } from './transport-acceptance/messages.ts'
import { robustnessTests } from './transport-acceptance/robustness.ts'
import { signalingTests } from './transport-acceptance/signaling.ts'
import { stateTests } from './transport-acceptance/states.ts'
import type { TestApi, TransportUnderTest } from './transport-acceptance/transport-under-test.ts'

export type { LossyLink, TestApi, TransportUnderTest } from './transport-acceptance/transport-under-test.ts'

/**
 * The acceptance suite for transports: declares the tests that a `WebRTCPeerConnection` must pass, whatever it runs over. It needs no particular test
 * runner, and runs in browsers too.
 *
 * @example
 * ```ts
 * import { describe, test } from '@jest/globals'
 * import { WebRTCPeerConnection } from 'webrtc-multiplayer' // or your own
 * import { transportAcceptance } from 'webrtc-multiplayer/testing'
 *
 * transportAcceptance({ describe, test }, {
 *   create: (configuration) => new WebRTCPeerConnection(configuration),
 *   wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
 *   waitFor: async (condition, what) => {
 *     for (let tries = 0; !condition(); tries++) {
 *       if (tries > 1000) throw new Error(`Waited in vain until ${what}.`)
 *       await new Promise((resolve) => setTimeout(resolve, 10))
 *     }
 *   },
 * })
 * ```
 */
export function transportAcceptance(api: TestApi, transport: TransportUnderTest): void {
  const scenario = makeScenario(api, transport)
  const { makeLossyLink } = transport
  api.describe('states', () => {
    stateTests(scenario)
  })
  api.describe('signaling', () => {
    signalingTests(scenario)
  })
  api.describe('channel options', () => {
    channelOptionTests(scenario)
  })
  api.describe('messages', () => {
    messageTests(scenario)
  })
  if (transport.callsAreSlow !== true) {
    api.describe('buffering', () => {
      bufferingTests(scenario)
    })
  }
  if (makeLossyLink !== undefined) {
    api.describe('loss', () => {
      lossTests(scenario, makeLossyLink)
    })
  }
  api.describe('closing', () => {
    closingTests(scenario)
  })
  api.describe('robustness', () => {
    robustnessTests(scenario)
  })
}
