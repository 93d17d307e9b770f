import type { LobbyErrorCode } from '../../../protocol/lobby/extension.ts'
import type { LobbyDialect, LobbyDrop, LobbyObserver } from './lobby-observer.ts'
import type { LobbyLogger } from './lobby-logger.ts'

/** What a lobby server holds now and has counted since it started. */
export interface LobbyStats {
  readonly sockets: number
  /** Sockets that have not joined a lobby. */
  readonly pendingSockets: number
  /** Lobbies with a member at this server. */
  readonly lobbies: number
  /** Members at this server, those without a socket included. */
  readonly members: number
  /** Members whose socket is lost and whose place is kept. */
  readonly lostMembers: number
  /** Signals kept for those. */
  readonly keptSignals: number
  readonly isBrokerAvailable: boolean
  readonly isDraining: boolean
  /** Since the start. */
  readonly joins: number
  readonly leaves: number
  readonly resumes: number
  readonly lobbiesCreated: number
  readonly signals: number
  readonly refusals: Readonly<Partial<Record<LobbyErrorCode, number>>>
  readonly drops: Readonly<Partial<Record<LobbyDrop, number>>>
  /** By WebSocket close code. */
  readonly closes: Readonly<Record<number, number>>
}

/** The part of {@link LobbyStats} that is counted. */
export type LobbyCounts = Pick<
  LobbyStats,
  'joins' | 'leaves' | 'resumes' | 'lobbiesCreated' | 'signals' | 'refusals' | 'drops' | 'closes'
>

/** Counts, and tells the observer. */
export class Tally implements Required<LobbyObserver> {
  readonly #observer: LobbyObserver
  readonly #logger: LobbyLogger
  readonly #totals = { joins: 0, leaves: 0, resumes: 0, lobbiesCreated: 0, signals: 0 }
  readonly #refusals: Partial<Record<LobbyErrorCode, number>> = {}
  readonly #drops: Partial<Record<LobbyDrop, number>> = {}
  readonly #closes: Record<number, number> = {}

  constructor(observer: LobbyObserver, logger: LobbyLogger) {
    this.#observer = observer
    this.#logger = logger
  }

  counts(): LobbyCounts {
    return {
      ...this.#totals,
      refusals: { ...this.#refusals },
      drops: { ...this.#drops },
      closes: { ...this.#closes },
    }
  }

  socketOpened(dialect: LobbyDialect): void {
    this.#tell((observer) => observer.socketOpened?.(dialect))
  }

  socketClosed(dialect: LobbyDialect, code: number): void {
    this.#closes[code] = (this.#closes[code] ?? 0) + 1
    this.#tell((observer) => observer.socketClosed?.(dialect, code))
  }

  lobbyCreated(): void {
    this.#totals.lobbiesCreated++
    this.#tell((observer) => observer.lobbyCreated?.())
  }

  memberJoined(dialect: LobbyDialect): void {
    this.#totals.joins++
    this.#tell((observer) => observer.memberJoined?.(dialect))
  }

  memberLeft(): void {
    this.#totals.leaves++
    this.#tell((observer) => observer.memberLeft?.())
  }

  memberResumed(moved: boolean): void {
    this.#totals.resumes++
    this.#tell((observer) => observer.memberResumed?.(moved))
  }

  signalRelayed(type: number, milliseconds: number): void {
    this.#totals.signals++
    this.#tell((observer) => observer.signalRelayed?.(type, milliseconds))
  }

  refused(code: LobbyErrorCode): void {
    this.#refusals[code] = (this.#refusals[code] ?? 0) + 1
    this.#tell((observer) => observer.refused?.(code))
  }

  dropped(reason: LobbyDrop): void {
    this.#drops[reason] = (this.#drops[reason] ?? 0) + 1
    this.#tell((observer) => observer.dropped?.(reason))
  }

  brokerAvailable(isAvailable: boolean): void {
    this.#tell((observer) => observer.brokerAvailable?.(isAvailable))
  }

  #tell(what: (observer: LobbyObserver) => void): void {
    try {
      what(this.#observer)
    } catch (error) {
      this.#logger.error({ err: error }, 'the observer threw')
    }
  }
}
