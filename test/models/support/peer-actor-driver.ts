import { type Actor, createActor } from 'xstate'
import { peerMachine } from '../../../src/machines/peer-machine.ts'
import {
  PEER_MODEL_TIMES,
  type PeerModelEmitted,
  peerModel,
  type PeerModelEvent,
  type PeerModelState,
} from '../../../src/testing/models/peer-model.ts'
import type { PathDriver } from '../../../src/testing/paths/walk-path.ts'
import { assertEqual } from '../../../src/testing/transport-acceptance/assertions.ts'
import { VirtualClock } from '../../../src/transport/simulated/virtual-clock.ts'
import { ChannelState, ConnectionState } from '../../../src/transport/states.ts'
import { FakeLink } from '../../support/fake-link.ts'

/** Milliseconds of one unit of the model's time. */
const UNIT = 1_000

/** Leads a peer actor alone, whose link's states are moved by hand: every order in which a transport may report them. */
export class PeerActorDriver implements PathDriver<PeerModelState, PeerModelEvent, PeerModelEmitted> {
  readonly #clock = new VirtualClock()
  readonly #link = new FakeLink()
  readonly #actor: Actor<typeof peerMachine>
  readonly #entered: string[] = ['new']

  constructor() {
    this.#actor = createActor(peerMachine, {
      clock: this.#clock,
      input: {
        id: 7,
        link: this.#link,
        // In the order in which the model looks at times that end in the same unit.
        connectTimeout: PEER_MODEL_TIMES.dial * UNIT - 3,
        drainTimeout: PEER_MODEL_TIMES.drain * UNIT - 2,
        disconnectedTimeout: PEER_MODEL_TIMES.healing * UNIT - 1,
      },
    }).start()
  }

  act(event: PeerModelEvent): void {
    switch (event.type) {
      case 'CHANNEL_OPENS':
        this.#link.channel(event.channel, ChannelState.OPEN)
        break
      case 'CHANNEL_CLOSES':
        // Some transports tell of both, some of one of them.
        this.#link.channel(event.channel, event.channel === 1 ? ChannelState.CLOSING : ChannelState.CLOSED)
        break
      case 'OPENS':
        this.#link.open()
        break
      case 'ADMIT':
        this.#actor.send({ type: 'admit' })
        break
      case 'END':
        this.#actor.send({ type: 'close', reason: event.reason })
        break
      case 'TIME_PASSES':
        this.#clock.advance(UNIT)
        break
      default:
        this.#link.connection(ConnectionState[event.type])
    }
  }

  check(state: PeerModelState, emitted: readonly PeerModelEmitted[]): void {
    const isClosed = state.value === 'closed'
    const { value, status, output, children } = this.#actor.getSnapshot()
    this.#entered.push(...emitted.map((said) => said.state))
    assertEqual(value, state.value, 'the state')
    assertEqual(this.#link.entries, this.#entered, 'what its link was told')
    assertEqual(status, isClosed ? 'done' : 'active', 'the status of the actor')
    assertEqual(output?.reason ?? null, isClosed ? state.context.reason : null, 'the reason it ends with')
    if (isClosed) assertEqual(this.#link.reason, state.context.reason, 'the reason its link was told')
    assertEqual(this.#link.released, isClosed ? 1 : 0, 'how often the connection was let go')
    assertEqual(this.#link.connectionState$.observed, !isClosed, 'whether the connection is watched')
    const watched = this.#link.channelStates$.filter((state$) => state$.observed).length
    assertEqual(watched, isClosed ? 0 : 3, 'how many channels are watched')
    // A machine that is done stops what it had invoked, but goes on naming it.
    if (!isClosed) assertEqual(Object.keys(children).length, 1, 'how many actors it has')
    const { dial, healing, drain } = state.context
    const running = [dial, healing, drain].filter((time) => time !== null).length
    assertEqual(this.#clock.pending, running, 'how many timers run')
  }

  /** What the model refused may show only later, in when times end: lets time pass until the model has no more of them. */
  liveOn(state: PeerModelState): void {
    const model = createActor(peerModel, { snapshot: state, input: undefined })
    const emitted: PeerModelEmitted[] = []
    model.on('*', (said) => emitted.push(said))
    model.start()
    for (let unit = 0; unit <= PEER_MODEL_TIMES.dial && model.getSnapshot().status === 'active'; unit++) {
      this.act({ type: 'TIME_PASSES' })
      model.send({ type: 'TIME_PASSES' })
      this.check(model.getSnapshot(), emitted.splice(0))
    }
  }

  dispose(): void {
    this.#actor.stop()
    assertEqual(this.#clock.pending, 0, 'how many timers are left')
    assertEqual(this.#link.released, 1, 'how often the connection was let go')
  }
}
