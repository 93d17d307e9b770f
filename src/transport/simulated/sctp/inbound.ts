import type { AssociationMessage } from './association-message.ts'
import type { Acknowledgement, Chunk, Forward, OutgoingMessage } from './packets.ts'

/** The ordered messages of one stream. */
interface InboundStream {
  /** Sequence of the message whose turn it is. */
  next: number
  /** Messages that came before their turn. */
  readonly early: Map<number, AssociationMessage>
}

/** The receiving half of an association: drops duplicates, puts messages together and hands over each in its turn. */
export class Inbound {
  readonly #deliver: (message: AssociationMessage) => void
  #cumulative = -1
  readonly #beyond = new Set<number>()
  /** Fragments that have arrived of messages of which some are missing. */
  readonly #partial = new Map<OutgoingMessage, number>()
  readonly #streams = new Map<number, InboundStream>()
  /** Closings of channels, each of which waits until everything that was sent before it has arrived or was given up. */
  readonly #resets: { tsn: number; message: AssociationMessage }[] = []

  constructor(deliver: (message: AssociationMessage) => void) {
    this.#deliver = deliver
  }

  get acknowledgement(): Acknowledgement {
    return { cumulative: this.#cumulative, beyond: [...this.#beyond] }
  }

  receive(chunk: Chunk): void {
    if (chunk.tsn <= this.#cumulative || this.#beyond.has(chunk.tsn)) return
    this.#beyond.add(chunk.tsn)
    this.#advance()
    this.#assemble(chunk)
    this.#applyResets()
  }

  forward({ cumulative, abandoned }: Forward): void {
    for (; this.#cumulative < cumulative; this.#cumulative++) this.#beyond.delete(this.#cumulative + 1)
    this.#advance()
    for (const outgoing of abandoned) {
      this.#partial.delete(outgoing)
      if (outgoing.sequence >= 0) this.#skip(this.#stream(outgoing.message.stream), outgoing.sequence)
    }
    this.#applyResets()
  }

  #advance(): void {
    while (this.#beyond.delete(this.#cumulative + 1)) this.#cumulative++
  }

  #assemble({ tsn, outgoing }: Chunk): void {
    const arrived = (this.#partial.get(outgoing) ?? 0) + 1
    if (arrived < outgoing.fragments) {
      this.#partial.set(outgoing, arrived)
      return
    }
    this.#partial.delete(outgoing)
    const { message, sequence } = outgoing
    if (message.kind === 'reset') this.#resets.push({ tsn, message })
    else if (sequence < 0) this.#deliver(message)
    else this.#inOrder(message, sequence)
  }

  #inOrder(message: AssociationMessage, sequence: number): void {
    const stream = this.#stream(message.stream)
    stream.early.set(sequence, message)
    this.#deliverDue(stream)
  }

  /** The message of this sequence never comes: what waited behind it is due. */
  #skip(stream: InboundStream, sequence: number): void {
    while (stream.next <= sequence) {
      const message = stream.early.get(stream.next)
      stream.early.delete(stream.next)
      stream.next++
      if (message !== undefined) this.#deliver(message)
    }
    this.#deliverDue(stream)
  }

  #deliverDue(stream: InboundStream): void {
    for (let due = stream.early.get(stream.next); due !== undefined; due = stream.early.get(stream.next)) {
      stream.early.delete(stream.next)
      stream.next++
      this.#deliver(due)
    }
  }

  #applyResets(): void {
    for (let first = this.#resets[0]; first !== undefined && first.tsn <= this.#cumulative; first = this.#resets[0]) {
      this.#resets.shift()
      this.#deliver(first.message)
    }
  }

  #stream(id: number): InboundStream {
    let stream = this.#streams.get(id)
    if (stream === undefined) {
      stream = { next: 0, early: new Map() }
      this.#streams.set(id, stream)
    }
    return stream
  }
}
