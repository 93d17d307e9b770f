import { afterEach, describe, expect, test } from '@jest/globals'
import { BrowserPeerConnection } from '../../../src/transport/browser/browser-peer-connection.ts'
import { MultiplayerError } from '../../../src/multiplayer-error.ts'
import type { PeerConnectionConfiguration } from '../../../src/transport/peer-connection.ts'

/** What a page, a worker or another runtime may have in its global scope. */
const surroundings = globalThis as {
  isSecureContext?: boolean
  WorkerGlobalScope?: unknown
  RTCPeerConnection?: unknown
}

/** Refuses what browsers refuse, as they do. */
class PickyConnection {
  constructor(configuration: { iceServers?: { urls?: string }[]; iceTransportPolicy?: string } = {}) {
    for (const { urls } of configuration.iceServers ?? []) {
      if (!/^(stun|turn):/.test(urls ?? '')) throw new SyntaxError(`'${String(urls)}' is not a valid URL.`)
    }
    if (configuration.iceTransportPolicy === 'none') throw new TypeError(`'none' is not a valid enum value.`)
  }

  close(): void {
    // Nothing was opened.
  }
}

const BrokenConnection = function (): never {
  throw new Error('Cannot create so many PeerConnections')
} as unknown as new () => object

function refusal(configuration: PeerConnectionConfiguration = {}): MultiplayerError {
  try {
    new BrowserPeerConnection(configuration)
  } catch (error) {
    if (error instanceof MultiplayerError) return error
  }
  throw new Error('It was not refused by a MultiplayerError.')
}

describe('making a connection', () => {
  afterEach(() => {
    delete surroundings.isSecureContext
    delete surroundings.WorkerGlobalScope
    delete surroundings.RTCPeerConnection
  })

  test.each([
    ['a runtime without WebRTC', {}, /pass an implementation/],
    ['an insecure page', { isSecureContext: false }, /https, or from localhost/],
    ['a secure page without WebRTC', { isSecureContext: true }, /switched off/],
    ['a worker', { isSecureContext: true, WorkerGlobalScope: () => undefined }, /worker; make connections in the page/],
    ['something else of that name', { RTCPeerConnection: 'polyfill' }, /no RTCPeerConnection/],
  ])('%s: the error names the cause and the mend', (_, scope, message) => {
    Object.assign(surroundings, scope)
    const error = refusal()
    expect(error.code).toBe('ERR_UNAVAILABLE')
    expect(error.message).toMatch(message)
  })

  test('a constructor that throws in any case', () => {
    const error = refusal({ RTCPeerConnection: BrokenConnection, iceServers: [{ urls: 'stun:example.org' }] })
    expect(error.code).toBe('ERR_UNAVAILABLE')
    expect(error.message).toMatch(/Cannot create so many PeerConnections\. Close connections/)
    expect(error.cause).toBeInstanceOf(Error)
  })

  test('a bad entry in iceServers is named', () => {
    const bad = { urls: 'bogus' }
    const error = refusal({ RTCPeerConnection: PickyConnection, iceServers: [{ urls: 'stun:example.org' }, bad] })
    expect(error.code).toBe('ERR_INVALID_PARAMETER')
    expect(error.message).toMatch(/^iceServers\[1\] is refused: 'bogus' is not a valid URL.*stun:host:port/)
    expect(error.value).toBe(bad)
  })

  test('another bad member of the configuration', () => {
    const configuration = { RTCPeerConnection: PickyConnection, iceTransportPolicy: 'none' as 'all', iceServers: [] }
    const error = refusal(configuration)
    expect(error.code).toBe('ERR_INVALID_PARAMETER')
    expect(error.message).toMatch(/configuration is refused: 'none'/)
  })
})
