import { ChannelState, ConnectionState, SignalingState } from '../../transport/states.ts'
import type { SessionDescriptionType } from '../../transport/peer-connection.ts'
import { assertEqual, assertThrows, assertTrue } from './assertions.ts'
import { collect, type Scenario, SOME_CANDIDATE } from './bench.ts'

/** Changes that leave nothing to connect to. */
const SPOILED: Readonly<Record<string, (sdp: string) => string>> = {
  'an empty text': () => '',
  'something else': () => 'hello',
  'a description without fingerprint': (sdp) => sdp.replace(/a=fingerprint:.*\r\n/, ''),
  'a description without data section': (sdp) => sdp.replace(/m=application/, 'm=audio'),
  'a description without ufrag': (sdp) => sdp.replace(/a=ice-ufrag:.*\r\n/, ''),
  'a description of a megabyte': (sdp) => sdp + `a=x-filler:${'x'.repeat(1000)}\r\n`.repeat(1000),
}

const MALFORMED_CANDIDATES = [
  'hello',
  'candidate:',
  'candidate:1 1 UDP 2122317823 192.0.2.1 99999 typ host',
  'candidate:1 1 UDP 2122317823 192.0.2.1 54321 typ bogus',
  'candidate:1 1 UDP 2122317823 192.0.2.1',
  'a=hello',
]

export function signalingTests(scenario: Scenario): void {
  scenario('createOffer() without a channel throws', async (bench) => {
    const connection = bench.connection()
    assertThrows(
      () => {
        connection.createOffer()
      },
      'createOffer() without channel',
      'ERR_UNCONFIGURED',
    )
    connection.createDataChannel('now there is one')
    await bench.description(connection, () => {
      connection.createOffer()
    })
  })

  scenario('a second offer throws, at once and later', async (bench) => {
    const { a } = bench.pair()
    const offer = await bench.description(a, () => {
      a.createOffer()
      assertThrows(
        () => {
          a.createOffer()
        },
        'createOffer() twice',
        'ERR_UNCONFIGURED',
      )
    })
    assertEqual(offer.type, 'offer', 'type of the description')
    assertThrows(
      () => {
        a.createOffer()
      },
      'createOffer() again',
      'ERR_UNCONFIGURED',
    )
  })

  scenario('an offer makes the answer by itself', async (bench) => {
    const { offer } = await bench.offer()
    const answerer = bench.connection()
    const answer = await bench.description(answerer, () => {
      answerer.setRemoteDescription('offer', offer.sdp)
    })
    assertEqual(answer.type, 'answer', 'type of the description')
    assertEqual(
      answerer.signalingState,
      SignalingState.HAVE_REMOTE_OFFER,
      'signaling state before the answer is applied',
    )
  })

  scenario('an answer in stable, an offer after an offer and an answer after an answer are refused', async (bench) => {
    const { offer } = await bench.offer()
    const answerer = bench.connection()
    const answer = await bench.description(answerer, () => {
      answerer.setRemoteDescription('offer', offer.sdp)
    })
    const fresh = bench.connection()
    assertThrows(
      () => {
        fresh.setRemoteDescription('answer', answer.sdp)
      },
      'an answer in stable',
      'ERR_UNCONFIGURED',
    )
    assertThrows(
      () => {
        answerer.setRemoteDescription('offer', offer.sdp)
      },
      'a second offer',
      'ERR_UNCONFIGURED',
    )
    const { a } = await bench.openChannel()
    assertThrows(
      () => {
        a.setRemoteDescription('answer', answer.sdp)
      },
      'an answer to a connected side',
      'ERR_UNCONFIGURED',
    )
    assertThrows(
      () => {
        a.setRemoteDescription('offer', offer.sdp)
      },
      'an offer to a connected side',
      'ERR_UNCONFIGURED',
    )
    assertEqual(a.connectionState, ConnectionState.CONNECTED, 'connection state after that')
  })

  scenario('glare is refused on both sides', async (bench) => {
    const [first, second] = [await bench.offer(), await bench.offer()]
    for (const { offerer, offer } of [first, second]) offerer.setLocalDescription('offer', offer.sdp)
    assertThrows(
      () => {
        first.offerer.setRemoteDescription('offer', second.offer.sdp)
      },
      'an offer after an own offer',
      'ERR_UNCONFIGURED',
    )
    assertThrows(
      () => {
        second.offerer.setRemoteDescription('offer', first.offer.sdp)
      },
      'an offer after an own offer',
      'ERR_UNCONFIGURED',
    )
  })

  scenario('a description of an unknown type is refused', async (bench) => {
    const { offer } = await bench.offer()
    const connection = bench.connection()
    for (const type of ['zzz', 'pranswer', 'rollback', '']) {
      assertThrows(
        () => {
          connection.setRemoteDescription(type as SessionDescriptionType, offer.sdp)
        },
        `type '${type}'`,
        'ERR_INVALID_PARAMETER',
      )
    }
  })

  for (const [name, spoil] of Object.entries(SPOILED)) {
    scenario(`${name} is refused, and a good one works after it`, async (bench) => {
      const { offer } = await bench.offer()
      const connection = bench.connection()
      assertThrows(
        () => {
          connection.setRemoteDescription('offer', spoil(offer.sdp))
        },
        name,
        'ERR_INVALID_DATA',
      )
      assertEqual(connection.connectionState, ConnectionState.NEW, 'connection state after it')
      await bench.description(connection, () => {
        connection.setRemoteDescription('offer', offer.sdp)
      })
    })
  }

  scenario('setLocalDescription() takes only what was created', async (bench) => {
    const { offerer, offer } = await bench.offer()
    const set = (type: string, sdp: string) => () => {
      offerer.setLocalDescription(type as SessionDescriptionType, sdp)
    }
    assertThrows(set('offer', `${offer.sdp}a=x:y\r\n`), 'a changed offer', 'ERR_INVALID_PARAMETER')
    assertThrows(set('answer', offer.sdp), 'the offer as answer', 'ERR_INVALID_PARAMETER')
    assertThrows(set('zzz', offer.sdp), 'an unknown type', 'ERR_INVALID_PARAMETER')
    offerer.setLocalDescription('offer', offer.sdp)
    await bench.waitFor(() => offerer.signalingState === SignalingState.HAVE_LOCAL_OFFER, 'the offer is applied')
    const idle = bench.connection()
    assertThrows(
      () => {
        idle.setLocalDescription('offer', offer.sdp)
      },
      `another connection's offer`,
      'ERR_INVALID_PARAMETER',
    )
  })

  scenario(`the offering side's candidates wait for the answer`, async (bench) => {
    const { offerer, offer } = await bench.offer()
    const candidates = collect(offerer.iceCandidateCreated$)
    offerer.setLocalDescription('offer', offer.sdp)
    await bench.settle()
    assertEqual(candidates, [], 'candidates before the answer')
    const answerer = bench.connection()
    const answer = await bench.description(answerer, () => {
      answerer.setRemoteDescription('offer', offer.sdp)
    })
    answerer.setLocalDescription('answer', answer.sdp)
    offerer.setRemoteDescription('answer', answer.sdp)
    await bench.waitFor(() => candidates.length > 0, 'candidates after the answer')
    for (const { media, index, name } of candidates) {
      assertEqual([typeof media, index], ['string', 0], 'media and index')
      assertTrue(/^(a=)?candidate:/.test(name), 'a candidate is a candidate line')
    }
  })

  scenario(
    'candidates are taken before the description, with and without a=, and the end of candidates',
    async (bench) => {
      const { a, b, left, right } = bench.pair()
      const fromA = collect(a.iceCandidateCreated$)
      const fromB = collect(b.iceCandidateCreated$)
      const offer = await bench.description(a, () => {
        a.createOffer()
      })
      a.setLocalDescription('offer', offer.sdp)
      b.addIceCandidate(SOME_CANDIDATE.media, SOME_CANDIDATE.index, SOME_CANDIDATE.name)
      b.addIceCandidate('0', 0, `a=${SOME_CANDIDATE.name.replace('192.0.2.1', '192.0.2.2')}`)
      b.addIceCandidate('0', 0, '')
      const answer = await bench.description(b, () => {
        b.setRemoteDescription('offer', offer.sdp)
      })
      b.setLocalDescription('answer', answer.sdp)
      await bench.waitFor(() => fromB.length > 0, 'the answering side has a candidate')
      for (const { media, index, name } of fromB) a.addIceCandidate(media, index, name)
      a.setRemoteDescription('answer', answer.sdp)
      await bench.waitFor(() => fromA.length > 0, 'the offering side has a candidate')
      for (const { media, index, name } of fromA) b.addIceCandidate(media, index, name)
      await bench.allOpen([...left, ...right])
      assertEqual(
        [a, b].map((side) => side.stats().refusedCandidates),
        [0, 0],
        'refused candidates',
      )
    },
  )

  scenario('malformed candidates are refused and counted, before and after the description', async (bench) => {
    const { offer } = await bench.offer()
    const connection = bench.connection()
    const refuseAll = (): void => {
      for (const name of MALFORMED_CANDIDATES) {
        assertThrows(
          () => {
            connection.addIceCandidate('0', 0, name)
          },
          `candidate '${name}'`,
          'ERR_INVALID_DATA',
        )
      }
    }
    refuseAll()
    assertEqual(connection.stats().refusedCandidates, MALFORMED_CANDIDATES.length, 'refused candidates')
    await bench.description(connection, () => {
      connection.setRemoteDescription('offer', offer.sdp)
    })
    refuseAll()
    assertEqual(connection.stats().refusedCandidates, 2 * MALFORMED_CANDIDATES.length, 'refused candidates')
  })

  scenario('candidates are capped', (bench) => {
    const connection = bench.connection()
    const add = (port: number) => () => {
      connection.addIceCandidate('0', 0, SOME_CANDIDATE.name.replace('54321', String(port)))
    }
    for (let port = 1; port <= 128; port++) add(port)()
    assertThrows(add(129), 'candidate 129', 'ERR_OUT_OF_MEMORY')
    assertEqual(connection.stats().refusedCandidates, 1, 'refused candidates')
  })

  scenario('connections with the wrong partner do not open', async (bench) => {
    const pair = bench.pair()
    const { offer } = await bench.offer()
    const answer = await bench.description(pair.b, () => {
      pair.b.setRemoteDescription('offer', offer.sdp)
    })
    pair.b.setLocalDescription('answer', answer.sdp)
    const own = await bench.description(pair.a, () => {
      pair.a.createOffer()
    })
    pair.a.setLocalDescription('offer', own.sdp)
    pair.a.setRemoteDescription('answer', answer.sdp)
    await bench.settle()
    assertEqual(
      pair.left.map((channel) => channel.readyState),
      [ChannelState.CONNECTING],
      'ready state',
    )
  })
}
