import type { Clock } from '../../../clock.ts'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import type { BrokerNode } from '../broker/broker.ts'
import type { LobbyLimits } from './limits.ts'
import type { LobbyLogger } from './lobby-logger.ts'
import type { Tally } from './lobby-stats.ts'
import type { TurnOptions } from './turn-credentials.ts'

interface ContextParts {
  readonly limits: Readonly<LobbyLimits>
  readonly clock: Clock
  readonly logger: LobbyLogger
  readonly tally: Tally
  readonly turn: TurnOptions | null
  readonly generateId: () => number
}

/** What the parts of one server's core share. */
export class CoreContext implements ContextParts {
  readonly limits: Readonly<LobbyLimits>
  readonly clock: Clock
  readonly logger: LobbyLogger
  readonly tally: Tally
  readonly turn: TurnOptions | null
  readonly generateId: () => number
  /** Sessions that left here, as long as the broker may not know it yet. */
  readonly departing = new Set<string>()
  #node: BrokerNode | null = null
  #isEnded = false

  constructor({ limits, clock, logger, tally, turn, generateId }: ContextParts) {
    this.limits = limits
    this.clock = clock
    this.logger = logger
    this.tally = tally
    this.turn = turn
    this.generateId = generateId
  }

  /** @throws MultiplayerError `ERR_UNCONFIGURED` before it was set. */
  get node(): BrokerNode {
    if (this.#node === null) throw new MultiplayerError('ERR_UNCONFIGURED', 'start() the lobby core first.')
    return this.#node
  }

  get isStarted(): boolean {
    return this.#node !== null
  }

  set node(node: BrokerNode) {
    this.#node = node
  }

  /** Leaves the broker; what is still under way has nobody to tell of it. */
  async end(): Promise<void> {
    this.#isEnded = true
    await this.#node?.close()
  }

  /** Tells the broker that a member of this server left. */
  depart(lobby: string, id: number, session: string): void {
    if (this.#isEnded) return
    this.departing.add(session)
    void this.node
      .leave(lobby, id, session)
      .catch((error: unknown) => {
        this.logger.error({ err: error, lobby, id }, 'the broker did not take a leave')
      })
      .finally(() => this.departing.delete(session))
  }
}
