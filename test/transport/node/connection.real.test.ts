import { afterEach, describe, expect, test } from '@jest/globals'
import { filter, firstValueFrom, toArray } from 'rxjs'
import { MultiplayerError } from '../../../src/multiplayer-error.ts'
import { countAlive } from '../../../src/transport/node/keep-alive.ts'
import { NodePeerConnection } from '../../../src/transport/node/node-peer-connection.ts'
import type { WebRTCDataChannel } from '../../../src/transport/data-channel.ts'
import type { IceCandidate, SessionDescription } from '../../../src/transport/peer-connection.ts'
import { ChannelState, ConnectionState, GatheringState, SignalingState } from '../../../src/transport/states.ts'
import { channelIs, connectPair, isClosed, signal } from '../../support/connect.ts'

const opened: NodePeerConnection[] = []
const make = (...args: ConstructorParameters<typeof NodePeerConnection>): NodePeerConnection => {
  const connection = new NodePeerConnection(...args)
  opened.push(connection)
  return connection
}
class Tracked extends NodePeerConnection {
  constructor(...args: ConstructorParameters<typeof NodePeerConnection>) {
    super(...args)
    opened.push(this)
  }
}

describe('NodePeerConnection', () => {
  afterEach(() => {
    for (const connection of opened.splice(0)) connection.close()
  })

  const offering = (): NodePeerConnection => {
    const connection = make()
    connection.createDataChannel('a', { negotiated: true, id: 1 })
    connection.createOffer()
    return connection
  }

  const describeOnce = (connection: NodePeerConnection): Promise<SessionDescription> =>
    firstValueFrom(connection.sessionDescriptionCreated$)

  const codeOf = (call: () => unknown): string | undefined => {
    try {
      call()
      return undefined
    } catch (error) {
      if (error instanceof MultiplayerError) return error.code
      throw error
    }
  }

  describe('connecting', () => {
    test('opens every channel on both ends and reports the states in order', async () => {
      const a = make()
      const b = make()
      const states: string[] = []
      for (const [name, c] of [
        ['a', a],
        ['b', b],
      ] as const) {
        c.connectionState$.subscribe((state) => states.push(`${name} ${ConnectionState[state]}`))
        c.signalingState$.subscribe((state) => states.push(`${name} ${SignalingState[state]}`))
      }
      const channels = [a, b].map((c) => c.createDataChannel('x', { negotiated: true, id: 7 }))
      signal(a, b)
      a.createOffer()
      await Promise.all(channels.map((channel) => channelIs(channel, ChannelState.OPEN)))
      expect(states.filter((state) => state.startsWith('a'))).toEqual([
        'a NEW',
        'a STABLE',
        'a CONNECTING',
        'a HAVE_LOCAL_OFFER',
        'a STABLE',
        'a CONNECTED',
      ])
      expect(states.filter((state) => state.startsWith('b'))).toEqual([
        'b NEW',
        'b STABLE',
        'b CONNECTING',
        'b HAVE_REMOTE_OFFER',
        'b STABLE',
        'b CONNECTED',
      ])
      expect(channels.map((channel) => channel.id)).toEqual([7, 7])
      expect(a.gatheringState).toBe(GatheringState.COMPLETE)
    })

    test('emits nothing inside the calls', async () => {
      const a = make()
      const events: string[] = []
      a.createDataChannel('a', { negotiated: true, id: 1 }).readyState$.subscribe((state) =>
        events.push(ChannelState[state]),
      )
      a.connectionState$.subscribe((state) => events.push(ConnectionState[state]))
      a.signalingState$.subscribe((state) => events.push(SignalingState[state]))
      a.sessionDescriptionCreated$.subscribe(() => events.push('description'))
      a.iceCandidateCreated$.subscribe(() => events.push('candidate'))
      events.length = 0
      a.createOffer()
      expect(events).toEqual([])
      expect(a.connectionState).toBe(ConnectionState.CONNECTING)
      const { type, sdp } = await describeOnce(a)
      events.length = 0
      a.setLocalDescription(type, sdp)
      expect(events).toEqual([])
      expect(a.signalingState).toBe(SignalingState.HAVE_LOCAL_OFFER)
    })

    test('the offering side gives no candidate before the answer was applied; the answering side at once', async () => {
      const a = make()
      const b = make()
      for (const c of [a, b]) c.createDataChannel('x', { negotiated: true, id: 1 })
      const log: string[] = []
      a.iceCandidateCreated$.subscribe(() => log.push('a candidate'))
      b.iceCandidateCreated$.subscribe(() => log.push('b candidate'))
      a.createOffer()
      const offer = await describeOnce(a)
      a.setLocalDescription(offer.type, offer.sdp)
      b.setRemoteDescription(offer.type, offer.sdp)
      const answer = await describeOnce(b)
      await firstValueFrom(b.gatheringState$.pipe(filter((state) => state === GatheringState.COMPLETE)))
      expect(log).toEqual([])
      const early = firstValueFrom(b.iceCandidateCreated$)
      b.setLocalDescription(answer.type, answer.sdp)
      await early
      expect(log).not.toContain('a candidate')
      const late = firstValueFrom(a.iceCandidateCreated$)
      a.setRemoteDescription(answer.type, answer.sdp)
      expect(await late).toMatchObject({ media: '0', index: 0, name: expect.stringContaining('candidate:') })
    })

    test('candidates may come before the description, with and without a=, and inside it', async () => {
      const a = make()
      const b = make()
      const channels = [a, b].map((c) => c.createDataChannel('x', { negotiated: true, id: 1 }))
      const ofB: IceCandidate[] = []
      b.iceCandidateCreated$.subscribe((candidate) => ofB.push(candidate))
      a.iceCandidateCreated$.subscribe(({ media, index, name }) => {
        b.addIceCandidate(media, index, name.replace(/^a=/, ''))
      })
      a.createOffer()
      const offer = await describeOnce(a)
      a.setLocalDescription(offer.type, offer.sdp)
      b.setRemoteDescription(offer.type, offer.sdp)
      const answer = await describeOnce(b)
      const first = firstValueFrom(b.iceCandidateCreated$)
      b.setLocalDescription(answer.type, answer.sdp)
      const { name } = await first
      for (const candidate of ofB.slice(1)) a.addIceCandidate(candidate.media, candidate.index, candidate.name)
      a.setRemoteDescription(
        'answer',
        `${answer.sdp}${name.startsWith('a=') ? name : `a=${name}`}\r\na=end-of-candidates\r\n`,
      )
      a.addIceCandidate('0', 0, '')
      await Promise.all(channels.map((channel) => channelIs(channel, ChannelState.OPEN)))
    })

    test('knows its own kind from the description', async () => {
      const [a, b] = await connectPair(Tracked)
      expect(a.connection.remoteImplementation).toEqual({ version: 1, features: [] })
      expect(b.connection.remoteImplementation).toEqual({ version: 1, features: [] })
    })

    test('a channel made by the other side alone is received', async () => {
      const a = make()
      const b = make()
      const sent = a.createDataChannel('in band', { protocol: 'p' })
      b.createDataChannel('x', { negotiated: true, id: 100 })
      signal(a, b)
      const received = firstValueFrom(b.dataChannelReceived$)
      a.createOffer()
      const channel: WebRTCDataChannel = await received
      expect(channel).toMatchObject({
        label: 'in band',
        protocol: 'p',
        negotiated: false,
        readyState: ChannelState.OPEN,
      })
      await channelIs(sent, ChannelState.OPEN)
      const packet = firstValueFrom(channel.message$)
      sent.send('hello')
      expect(new TextDecoder().decode((await packet).data)).toBe('hello')
      expect(sent.id).toBe(channel.id)
    })

    test('a received channel is closed at once if nobody is subscribed', async () => {
      const a = make()
      const b = make()
      const sent = a.createDataChannel('in band')
      signal(a, b)
      a.createOffer()
      await channelIs(sent, ChannelState.CLOSED)
      expect(a.connectionState).toBe(ConnectionState.CONNECTED)
    })
  })

  describe('wrong use', () => {
    test('local descriptions other than the emitted one', async () => {
      const a = offering()
      const { sdp } = await describeOnce(a)
      expect(
        codeOf(() => {
          a.setLocalDescription('offer', `${sdp}a=x:1\r\n`)
        }),
      ).toBe('ERR_INVALID_PARAMETER')
      expect(
        codeOf(() => {
          a.setLocalDescription('answer', sdp)
        }),
      ).toBe('ERR_INVALID_PARAMETER')
      expect(
        codeOf(() => {
          a.setLocalDescription('rollback' as 'offer', sdp)
        }),
      ).toBe('ERR_INVALID_PARAMETER')
      a.setLocalDescription('offer', sdp)
      expect(
        codeOf(() => {
          a.setLocalDescription('offer', sdp)
        }),
      ).toBe('ERR_INVALID_PARAMETER')
    })

    test('descriptions at the wrong moment: glare, answer without offer, two offers', async () => {
      const [a, b, c] = [offering(), offering(), make()]
      const [offer, other] = [await describeOnce(a), await describeOnce(b)]
      a.setLocalDescription(offer.type, offer.sdp)
      b.setLocalDescription(other.type, other.sdp)
      expect(
        codeOf(() => {
          a.setRemoteDescription('offer', other.sdp)
        }),
      ).toBe('ERR_UNCONFIGURED')
      expect(
        codeOf(() => {
          c.setRemoteDescription('answer', other.sdp)
        }),
      ).toBe('ERR_UNCONFIGURED')
      c.setRemoteDescription('offer', offer.sdp)
      expect(
        codeOf(() => {
          c.setRemoteDescription('offer', other.sdp)
        }),
      ).toBe('ERR_UNCONFIGURED')
      expect(
        codeOf(() => {
          c.createOffer()
        }),
      ).toBe('ERR_UNCONFIGURED')
      expect(
        codeOf(() => {
          c.createDataChannel('late')
        }),
      ).toBe('ERR_UNCONFIGURED')
      expect(
        codeOf(() => {
          c.initialize()
        }),
      ).toBe('ERR_ALREADY_IN_USE')
    })

    test('malformed and oversized descriptions', async () => {
      const { sdp } = await describeOnce(offering())
      const b = make()
      const broken: unknown[] = [
        '',
        'garbage',
        42,
        sdp.replace(/a=fingerprint.*\r\n/, ''),
        sdp.replace(/a=ice-pwd.*\r\n/, ''),
        sdp.replace(/m=application.*\r\n/, ''),
        sdp.replace(/a=sctp-port:.*\r\n/, 'a=sctp-port:many\r\n'),
        `${sdp}a=x:${'y'.repeat(64 * 1024)}\r\n`,
        `${sdp}\0`,
      ]
      expect(
        broken.map((text) =>
          codeOf(() => {
            b.setRemoteDescription('offer', text as string)
          }),
        ),
      ).toEqual(broken.map(() => 'ERR_INVALID_DATA'))
      expect(
        codeOf(() => {
          b.setRemoteDescription('zzz' as 'offer', sdp)
        }),
      ).toBe('ERR_INVALID_PARAMETER')
      expect(b.connectionState).toBe(ConnectionState.NEW)
    })

    test('garbage candidates are refused and counted, and so are those beyond 128', () => {
      const a = offering()
      const garbage = [
        'x',
        'candidate:',
        'candidate:1 1 UDP 1 1.2.3.4 99999 typ host',
        'candidate:1 1 UDP 1 example.org 9 typ host',
        'candidate:1 1 UDP 1 1.2.3.4 9 typ bogus',
      ]
      expect(
        garbage.map((name) =>
          codeOf(() => {
            a.addIceCandidate('0', 0, name)
          }),
        ),
      ).toEqual(garbage.map(() => 'ERR_INVALID_DATA'))
      for (let i = 0; i < 128; i++) a.addIceCandidate('0', 0, `candidate:${i} 1 UDP 1 127.0.0.1 ${2000 + i} typ host`)
      expect(
        codeOf(() => {
          a.addIceCandidate('0', 0, 'candidate:1 1 UDP 1 127.0.0.1 9 typ host')
        }),
      ).toBe('ERR_OUT_OF_MEMORY')
      expect(
        codeOf(() => {
          make().addIceCandidate(7 as unknown as string, 0, 'candidate:1 1 UDP 1 127.0.0.1 9 typ host')
        }),
      ).toBe('ERR_INVALID_DATA')
      expect(a.stats()).toMatchObject({ refusedCandidates: garbage.length + 1, roundTripTime: null })
    })

    test('channels: duplicate and too high ids, offers without a channel', () => {
      const a = make()
      expect(
        codeOf(() => {
          a.createOffer()
        }),
      ).toBe('ERR_UNCONFIGURED')
      a.createDataChannel('a', { negotiated: true, id: 1023 })
      expect(codeOf(() => a.createDataChannel('b', { negotiated: true, id: 1023 }))).toBe('ERR_ALREADY_IN_USE')
      expect(codeOf(() => a.createDataChannel('b', { negotiated: true, id: 1024 }))).toBe('ERR_INVALID_PARAMETER')
      expect(codeOf(() => a.createDataChannel('b', { id: 5 }))).toBe('ERR_INVALID_PARAMETER')
    })

    test('configurations are checked by the constructor and by initialize()', () => {
      const wrong = [
        { iceServers: [{ urls: 'bogus' }] },
        { iceTransportPolicy: 'relay' as const },
        { libdatachannel: { bindAddress: '203.0.113.9' } },
        { libdatachannel: { bindAddress: 'localhost' } },
        { libdatachannel: { mtu: 9000 } },
        { libdatachannel: { portRangeBegin: 80 } },
        { libdatachannel: { portRangeBegin: 5000, portRangeEnd: 4000 } },
      ]
      expect(wrong.map((configuration) => codeOf(() => make(configuration)))).toEqual(
        wrong.map(() => 'ERR_INVALID_PARAMETER'),
      )
      expect(
        wrong.map((configuration) =>
          codeOf(() => {
            make().initialize(configuration)
          }),
        ),
      ).toEqual(wrong.map(() => 'ERR_INVALID_PARAMETER'))
    })
  })

  describe('closing', () => {
    test('the other side sees it at once, channels before the connection, and holds nothing afterwards', async () => {
      const [a, b] = await connectPair(Tracked)
      const log: string[] = []
      for (const channel of b.channels)
        channel.readyState$.subscribe((state) => log.push(`${channel.label} ${ChannelState[state]}`))
      b.connection.connectionState$.subscribe((state) => log.push(ConnectionState[state]))
      log.length = 0
      const started = performance.now()
      const seen = isClosed(b.connection)
      a.connection.close()
      await seen
      expect(performance.now() - started).toBeLessThan(250)
      expect(log.toSorted()).toEqual([
        'CLOSED',
        'DISCONNECTED',
        'ordered CLOSED',
        'reliable CLOSED',
        'unreliable CLOSED',
      ])
      expect(log.at(-1)).toBe('CLOSED')
      await eventually(() => countAlive() === 0)
    })

    test('CLOSED is emitted exactly once, inside close(), in every state and from every subscriber', async () => {
      const fresh = make()
      const offered = offering()
      const [a] = await connectPair(Tracked)
      for (const connection of [fresh, offered, a.connection]) {
        const all = firstValueFrom(connection.connectionState$.pipe(toArray()))
        let closes = 0
        connection.signalingState$.subscribe({
          complete: () => {
            connection.close()
          },
        })
        connection.connectionState$.subscribe((state) => {
          if (state !== ConnectionState.CLOSED) return
          closes++
          connection.close()
        })
        connection.close()
        expect(closes).toBe(1)
        connection.close()
        expect((await all).filter((state) => state === ConnectionState.CLOSED)).toHaveLength(1)
        expect(connection.signalingState).toBe(SignalingState.CLOSED)
        expect(codeOf(() => connection.createDataChannel('late'))).toBe('ERR_UNCONFIGURED')
        connection.addIceCandidate('0', 0, 'candidate:1 1 UDP 1 192.0.2.1 9 typ host')
      }
      expect(a.channels.map((channel) => channel.readyState)).toEqual([3, 3, 3])
      expect(codeOf(() => a.channels[0].send('late'))).toBe('ERR_UNCONFIGURED')
    })

    test('after close() nothing more is emitted', async () => {
      const a = offering()
      const events: unknown[] = []
      a.sessionDescriptionCreated$.subscribe((event) => events.push(event))
      a.iceCandidateCreated$.subscribe((event) => events.push(event))
      a.close()
      await eventually(() => countAlive() === 0)
      expect(events).toEqual([])
    })

    test('one channel may close by itself; the other side sees it and the others live on', async () => {
      const [a, b] = await connectPair(Tracked)
      const gone = channelIs(b.channels[1], ChannelState.CLOSED)
      a.channels[1].close()
      await gone
      await channelIs(a.channels[1], ChannelState.CLOSED)
      const packet = firstValueFrom(b.channels[0].message$)
      a.channels[0].send('still here')
      await packet
      expect(b.connection.connectionState).toBe(ConnectionState.CONNECTED)
    })

    test('what arrived before the other side closed is delivered before CLOSED is reported', async () => {
      const [a, b] = await connectPair(Tracked)
      const log: string[] = []
      b.channels[0].setReceiver((data) => log.push(new TextDecoder().decode(data)))
      b.connection.connectionState$.subscribe((state) => log.push(ConnectionState[state]))
      log.length = 0
      for (let i = 0; i < 300; i++) a.channels[0].send(`${i}`)
      await eventually(() => b.connection.stats().bytesReceived >= 790)
      const seen = isClosed(b.connection)
      a.connection.close()
      await seen
      expect(log.slice(0, 300)).toEqual(Array.from({ length: 300 }, (_, i) => `${i}`))
      expect(log.slice(300)).toEqual(['DISCONNECTED', 'CLOSED'])
    })
  })
})

async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2))
}
