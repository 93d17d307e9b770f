import { MultiplayerError } from '../../../src/multiplayer-error.ts'
import { BrowserPeerConnection } from '../../../src/transport/browser/browser-peer-connection.ts'
import type { PeerConnectionConfiguration, WebRTCPeerConnection } from '../../../src/transport/peer-connection.ts'
import { mutator } from '../../support/mutation.ts'
import { wait, waitFor } from '../../support/real-time.ts'

/** What a call gave: the code of a MultiplayerError with its message, or that nothing was thrown. */
export interface Refusal {
  readonly code: string
  readonly message: string
}

function attempt(call: () => unknown): Refusal {
  try {
    call()
    return { code: 'OK', message: '' }
  } catch (error) {
    if (error instanceof MultiplayerError) return { code: error.code, message: error.message }
    return { code: 'not a MultiplayerError', message: String(error) }
  }
}

function withChannel(): WebRTCPeerConnection {
  const connection = new BrowserPeerConnection()
  connection.createDataChannel('x', { negotiated: true, id: 1 })
  return connection
}

async function offer(): Promise<string> {
  const connection = withChannel()
  let made = ''
  connection.sessionDescriptionCreated$.subscribe(({ sdp }) => (made = sdp))
  connection.createOffer()
  await waitFor(() => made !== '', 'an offer is made')
  connection.close()
  return made
}

const refusals = {
  create: (configuration: PeerConnectionConfiguration) =>
    attempt(() => {
      new BrowserPeerConnection(configuration).close()
    }),

  /** Makes connections without closing any, until one is refused. */
  createTooMany: (): Refusal & { made: number } => {
    const connections: WebRTCPeerConnection[] = []
    let refusal: Refusal
    do refusal = attempt(() => connections.push(new BrowserPeerConnection()))
    while (refusal.code === 'OK' && connections.length < 2_000)
    for (const connection of connections) connection.close()
    return { ...refusal, made: connections.length }
  },

  /** An offer that passes our checks and not the browser's: refused later, which fails and closes the connection. */
  refusedLater: async () => {
    const sdp = (await offer()).replace(/a=setup:actpass/, 'a=setup:holdconn-nonsense').replace(/a=mid:0/, 'a=mid:7')
    const connection = withChannel()
    const states: number[] = []
    connection.connectionState$.subscribe((state) => states.push(state))
    connection.setRemoteDescription('offer', sdp.replace(/a=fingerprint:.*/, 'a=fingerprint:sha-256 nonsense'))
    await waitFor(() => connection.failure !== null, 'the browser refuses it')
    return { states, code: connection.failure?.code, message: connection.failure?.message ?? '' }
  },

  /** Damaged descriptions and candidates; nothing but typed errors may come of them. */
  mutations: async (count: number) => {
    const sdp = await offer()
    const candidate = 'candidate:1 1 UDP 2114977791 192.0.2.7 51392 typ host'
    const mutate = mutator(7)
    const codes = new Set<string>()
    for (let i = 0; i < count; i++) {
      const connection = withChannel()
      codes.add(attempt(() => connection.setRemoteDescription('offer', mutate(sdp))).code)
      for (let k = 0; k < 20; k++) codes.add(attempt(() => connection.addIceCandidate('0', 0, mutate(candidate))).code)
      // Half of them are closed while the browser still works on what it got.
      if (i % 2 === 0) await wait(5)
      connection.close()
    }
    await wait(100)
    return [...codes].sort()
  },
}

export type Refusals = typeof refusals

if ('document' in globalThis) Object.assign(globalThis, { refusals })
else postMessage(refusals.create({}))
