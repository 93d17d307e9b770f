import { BehaviorSubject, Subject } from 'rxjs'
import { ConnectionStatus, type MeshEmitted } from '../../machines/mesh-types.ts'
import type { PeerCloseReason } from '../../machines/peer-state.ts'

/** A peer that left the mesh, announced or not. */
export interface PeerRemoval {
  readonly peer: number
  readonly reason: PeerCloseReason
  /** Whether `peerConnected$` had named it. */
  readonly announced: boolean
}

/** What the mesh actor emits, as observables with Godot's names. */
export class MeshSignals {
  readonly subjects = {
    peerConnected: new Subject<number>(),
    peerDisconnected: new Subject<number>(),
    peerRemoved: new Subject<PeerRemoval>(),
    connectionSucceeded: new Subject<void>(),
    connectionFailed: new Subject<void>(),
    serverDisconnected: new Subject<void>(),
    status: new BehaviorSubject(ConnectionStatus.DISCONNECTED),
  }
  /** Closes that the actor has not carried out yet, because they were asked for by a listener. Until then what it emits is of the past. */
  #pendingCloses = 0
  #status = ConnectionStatus.DISCONNECTED

  /** As the subject has it; every packet asks, and this is quicker. */
  get status(): ConnectionStatus {
    return this.#status
  }

  /** Sets the status that a call leads to before it returns, even where the actor carries the call out later. */
  setStatus(status: ConnectionStatus): void {
    if (status === this.#status) return
    this.#status = status
    this.subjects.status.next(status)
  }

  get isClosing(): boolean {
    return this.#pendingCloses > 0
  }

  closing(): void {
    this.#pendingCloses++
  }

  hear(emitted: MeshEmitted): void {
    // A close that nobody asked for here came straight to the actor.
    if (emitted.type === 'closed') this.#pendingCloses = Math.max(0, this.#pendingCloses - 1)
    else if (this.#pendingCloses === 0) this.#pass(emitted)
  }

  complete(): void {
    for (const subject of Object.values(this.subjects)) subject.complete()
  }

  #pass(emitted: MeshEmitted): void {
    switch (emitted.type) {
      case 'status':
        this.setStatus(emitted.status)
        break
      case 'peerConnected':
      case 'peerDisconnected':
        this.subjects[emitted.type].next(emitted.id)
        break
      case 'peerRemoved':
        this.subjects.peerRemoved.next({ peer: emitted.id, reason: emitted.reason, announced: emitted.announced })
        break
      case 'connectionSucceeded':
      case 'connectionFailed':
      case 'serverDisconnected':
        this.subjects[emitted.type].next()
    }
  }
}
