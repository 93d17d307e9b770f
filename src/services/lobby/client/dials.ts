import { Observable, Subject } from 'rxjs'
import type { NegotiationActorRef, SignalingAvailability } from '../../../machines/negotiation-types.ts'
import type { LobbyMessageType } from '../../../protocol/lobby/message.ts'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import type { DialProgress } from './dial-progress.ts'
import { type DialEnvironment, MemberDial } from './member-dial.ts'
import type { Verdict } from './verdict.ts'

/** Members that are dialled at most. A full mesh of so many would be beyond any machine; a hostile server could name millions. */
const MAX_DIALS = 1_024

/** What the dials need of the lobby; they tell of themselves through the observables here. */
export type DialsEnvironment = Omit<DialEnvironment, 'progressed' | 'gaveUp'>

/** The dials of all other members that this one has to do with. */
export class Dials {
  /** How far each dial is: those that there are, to begin with, then every change. */
  readonly progress$: Observable<DialProgress>
  readonly verdicts$: Observable<Verdict>
  /** The negotiations that there are, then each that begins, before it does. */
  readonly negotiations$: Observable<NegotiationActorRef>

  readonly #environment: DialEnvironment
  /** This side's own. */
  #id = 0
  readonly #dials = new Map<number, MemberDial>()
  readonly #progress = new Subject<DialProgress>()
  readonly #verdicts = new Subject<Verdict>()
  readonly #negotiations = new Subject<NegotiationActorRef>()
  #signaling: SignalingAvailability = 'up'

  constructor(environment: DialsEnvironment) {
    this.#environment = {
      ...environment,
      progressed: (progress) => {
        this.#progress.next(progress)
      },
      gaveUp: (verdict) => {
        environment.logger.warn(verdict.message, verdict)
        this.#verdicts.next(verdict)
      },
    }
    this.progress$ = new Observable((subscriber) => {
      for (const dial of this.#dials.values()) subscriber.next(dial.progress)
      return this.#progress.subscribe(subscriber)
    })
    this.verdicts$ = this.#verdicts.asObservable()
    this.negotiations$ = new Observable((subscriber) => {
      for (const { actor } of this.#dials.values()) subscriber.next(actor)
      return this.#negotiations.subscribe(subscriber)
    })
  }

  get ids(): number[] {
    return [...this.#dials.keys()]
  }

  /** Whether any member is connected now. */
  get isAnyConnected(): boolean {
    return [...this.#dials.values()].some(({ state }) => state === 'connected')
  }

  /** This side has this id from now on, and nobody is a member yet. */
  begin(id: number): void {
    this.stop()
    this.#id = id
    this.#signaling = 'up'
  }

  /** A member is there. @returns false if it is known, or one too many. */
  add(id: number): boolean {
    if (this.#dials.has(id) || this.#dials.size >= MAX_DIALS) return false
    // As Godot 4: the higher id offers, so the host never does.
    const role = id < this.#id ? 'offering' : 'answering'
    const dial = new MemberDial(id, role, this.#signaling, this.#environment)
    this.#dials.set(id, dial)
    this.#negotiations.next(dial.actor)
    dial.start()
    return true
  }

  /** A member is gone. @returns false if it is not known. */
  remove(id: number): boolean {
    const dial = this.#dials.get(id)
    if (dial === undefined) return false
    this.#dials.delete(id)
    dial.left()
    return true
  }

  /** A signal came. @returns false if its sender is not known. */
  receive(from: number, type: LobbyMessageType, data: string): boolean {
    const dial = this.#dials.get(from)
    dial?.receive(type, data)
    return dial !== undefined
  }

  /** @throws MultiplayerError `ERR_DOES_NOT_EXIST` if there is no such member. */
  dial(id: number): void {
    const dial = this.#dials.get(id)
    if (dial === undefined) {
      throw new MultiplayerError('ERR_DOES_NOT_EXIST', `Peer ${id} is no member of the lobby; see members$.`, {
        value: id,
      })
    }
    dial.dial()
  }

  signaling(is: SignalingAvailability): void {
    if (is === this.#signaling) return
    this.#signaling = is
    for (const dial of this.#dials.values()) dial.signaling(is)
  }

  removed(id: number, removal: Parameters<MemberDial['removed']>[0]): void {
    this.#dials.get(id)?.removed(removal)
  }

  /** Lets go of all members; nothing is told of them any more. */
  stop(): void {
    const dials = [...this.#dials.values()]
    this.#dials.clear()
    for (const dial of dials) dial.stop()
  }

  complete(): void {
    this.stop()
    this.#progress.complete()
    this.#verdicts.complete()
    this.#negotiations.complete()
  }
}
