import type { SelectedCandidatePair } from '../../transport/peer-connection.ts'
import { ChannelState, ConnectionState, GatheringState, SignalingState } from '../../transport/states.ts'
import { assertEqual, assertTrue } from './assertions.ts'
import { collect, type Scenario } from './bench.ts'

const { NEW, CONNECTING, CONNECTED, CLOSED } = ConnectionState
const CONNECTED_ICE: readonly string[] = ['connected', 'completed']

export function stateTests(scenario: Scenario): void {
  scenario('a new connection is NEW, STABLE and has gathered nothing', async (bench) => {
    const connection = bench.connection()
    assertEqual(connection.connectionState, NEW, 'connection state')
    assertEqual(connection.gatheringState, GatheringState.NEW, 'gathering state')
    assertEqual(connection.signalingState, SignalingState.STABLE, 'signaling state')
    assertEqual(connection.remoteImplementation, null, 'remote implementation')
    assertEqual(collect(connection.connectionState$), [NEW], 'what connectionState$ gives at first')
    await bench.settle()
    assertEqual(connection.connectionState, NEW, 'connection state later')
  })

  scenario('connecting goes through the states in order, on both sides', async (bench) => {
    const pair = bench.pair()
    const sides = [pair.a, pair.b].map((side) => ({
      connection: collect(side.connectionState$),
      gathering: collect(side.gatheringState$),
      signaling: collect(side.signalingState$),
    }))
    await bench.open(pair)
    await bench.waitFor(
      () =>
        [pair.a, pair.b].every(
          (side) => side.gatheringState === GatheringState.COMPLETE && side.connectionState === CONNECTED,
        ),
      'both sides are connected and have gathered',
    )
    await bench.settle()
    for (const side of sides) {
      assertEqual(side.connection, [NEW, CONNECTING, CONNECTED], 'connection states')
      assertEqual(
        side.gathering,
        [GatheringState.NEW, GatheringState.GATHERING, GatheringState.COMPLETE],
        'gathering states',
      )
    }
    const [offering, answering] = sides.map((side) => side.signaling)
    assertEqual(
      offering,
      [SignalingState.STABLE, SignalingState.HAVE_LOCAL_OFFER, SignalingState.STABLE],
      'signaling states of the offering side',
    )
    assertEqual(
      answering,
      [SignalingState.STABLE, SignalingState.HAVE_REMOTE_OFFER, SignalingState.STABLE],
      'signaling states of the answering side',
    )
  })

  scenario('ICE goes through its states in order', async (bench) => {
    const pair = bench.pair()
    const sides = [pair.a, pair.b]
    const seen = sides.map((side) => collect(side.iceConnectionState$))
    await bench.open(pair)
    await bench.waitFor(
      () => sides.every((side) => CONNECTED_ICE.includes(side.iceConnectionState)),
      'ICE is connected on both sides',
    )
    pair.a.close()
    await bench.waitFor(() => sides.every((side) => side.iceConnectionState === 'closed'), 'ICE is closed')
    // What passes within one turn may be left out, and a late candidate makes `completed` `connected` again.
    const isInOrder = /^new( checking)?( connected| completed)*( disconnected)?( failed)? closed$/
    for (const states of seen) {
      assertTrue(isInOrder.test(states.join(' ')), `states in their order, not ${states.join(' ')}`)
    }
  })

  scenario('a connected connection tells the path of its packets, others tell none', async (bench) => {
    const [{ a, b }, fresh] = [await bench.openChannel(), bench.connection()]
    await bench.waitFor(
      () => [a, b].every((side) => side.stats().selectedCandidatePair !== null),
      'the selected pair is known on both sides',
    )
    const [ofA, ofB] = [a, b].map((side) => side.stats().selectedCandidatePair as SelectedCandidatePair)
    for (const end of [ofA?.local, ofA?.remote, ofB?.local, ofB?.remote]) {
      assertTrue(end !== undefined && ['host', 'prflx'].includes(end.type), `a direct path (${JSON.stringify(end)})`)
      assertTrue(end?.protocol === 'udp' && end.port > 0 && end.port < 65536, 'a UDP port')
    }
    assertEqual([ofA?.local.port, ofB?.local.port], [ofB?.remote.port, ofA?.remote.port], 'ports of the two ends')
    a.close()
    assertEqual(a.stats().selectedCandidatePair, null, 'path of a closed connection')
    assertEqual(fresh.stats().selectedCandidatePair, null, 'path of a new connection')
  })

  scenario('channels go from CONNECTING to OPEN; a late subscriber gets the state now', async (bench) => {
    const pair = bench.pair()
    const states = [...pair.left, ...pair.right].map((channel) => collect(channel.readyState$))
    await bench.open(pair)
    for (const list of states) assertEqual(list, [ChannelState.CONNECTING, ChannelState.OPEN], 'ready states')
    assertEqual(collect(pair.a.connectionState$), [CONNECTED], 'what a late subscriber gets')
  })

  scenario('each side knows the other as this library', async (bench) => {
    const { a, b } = await bench.openChannel()
    for (const side of [a, b]) assertEqual(side.remoteImplementation?.version, 1, 'version of the other side')
  })

  scenario('signals are emitted on a later turn than the call that caused them', async (bench) => {
    const { a } = bench.pair()
    const descriptions = collect(a.sessionDescriptionCreated$)
    const connectionStates = collect(a.connectionState$)
    a.createOffer()
    assertEqual(descriptions, [], 'descriptions within the call')
    assertEqual(connectionStates, [NEW], 'connection states within the call')
    await bench.waitFor(() => descriptions.length === 1, 'the description is created')
    const signalingStates = collect(a.signalingState$)
    const candidates = collect(a.iceCandidateCreated$)
    a.setLocalDescription('offer', descriptions[0]?.sdp ?? '')
    assertEqual([signalingStates, candidates], [[SignalingState.STABLE], []], 'signals within the call')
  })

  scenario('connectionState$ completes after CLOSED', async (bench) => {
    const { a, b } = await bench.openChannel()
    const completed: string[] = []
    a.connectionState$.subscribe({ complete: () => completed.push('a') })
    b.connectionState$.subscribe({ complete: () => completed.push('b') })
    a.close()
    assertTrue(completed.includes('a'), 'completed by close(), at once')
    await bench.waitFor(() => completed.includes('b'), 'the other side completes')
    assertEqual(collect(a.connectionState$), [CLOSED], 'what a subscriber of a closed connection gets')
  })

  scenario('statistics count payload and measure the round trip', async (bench) => {
    const { a, b, left, right } = await bench.openChannel()
    left.send(new Uint8Array(1000))
    await bench.waitFor(() => right.getAvailablePacketCount() === 1, 'the message arrives')
    assertTrue(a.stats().bytesSent >= 1000, 'bytes sent are counted')
    assertTrue(b.stats().bytesReceived >= 1000, 'bytes received are counted')
    const { roundTripTime } = a.stats()
    assertTrue(roundTripTime === null || roundTripTime >= 0, 'the round trip time is unknown or not negative')
    a.close()
    assertEqual(a.stats().roundTripTime, null, 'round trip time of a closed connection')
  })
}
