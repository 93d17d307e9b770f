import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { NodePeerConnection } from '../../src/transport/node/node-peer-connection.ts'
import type { IceCandidate, SessionDescription } from '../../src/transport/peer-connection.ts'
import { ChannelState } from '../../src/transport/states.ts'
import { channelIs, createGodotChannels, type Link } from './connect.ts'
import { bundleChild } from './run-child.ts'

export type ToPeer =
  | ({ is: 'description'; closeWithChannel: boolean } & SessionDescription)
  | { is: 'candidate'; candidate: IceCandidate }
  | { is: 'end' }

export type FromPeer =
  | ({ is: 'description' } & SessionDescription)
  | { is: 'candidate'; candidate: IceCandidate }
  | { is: 'open' }
  | { is: 'closed'; received: number[] }

/** A peer in a process of its own that answers offers; signaling over IPC. */
export class RemotePeer {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static async start(): Promise<RemotePeer> {
    const child = fork(await bundleChild('test/transport/node/children/answering-peer.ts'), {
      serialization: 'advanced',
    })
    await once(child, 'spawn')
    return new RemotePeer(child)
  }

  /** Connects a new connection of this process to the other; resolves when the channels are open on both sides. */
  async connect({ closeWithChannel = true } = {}): Promise<Link & { remoteClosed: Promise<number[]> }> {
    const connection = new NodePeerConnection()
    const channels = createGodotChannels(connection)
    const remoteOpen = this.#next('open')
    const remoteClosed = this.#next('closed').then((message) => message.received)
    const listen = (message: FromPeer): void => {
      if (message.is === 'description') connection.setRemoteDescription(message.type, message.sdp)
      if (message.is === 'candidate')
        connection.addIceCandidate(message.candidate.media, message.candidate.index, message.candidate.name)
    }
    this.#child.on('message', listen)
    connection.connectionState$.subscribe({ complete: () => this.#child.off('message', listen) })
    connection.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
      connection.setLocalDescription(type, sdp)
      this.#send({ is: 'description', type, sdp, closeWithChannel })
    })
    connection.iceCandidateCreated$.subscribe((candidate) => {
      this.#send({ is: 'candidate', candidate })
    })
    connection.createOffer()
    await Promise.all([remoteOpen, ...channels.map((channel) => channelIs(channel, ChannelState.OPEN))])
    return { connection, channels, remoteClosed }
  }

  /** Lets the process end by itself; resolves to its exit code, or to the signal that had to end it after five seconds. */
  async end(): Promise<unknown> {
    const exit = once(this.#child, 'exit')
    this.#send({ is: 'end' })
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5000)
    const [code, signal] = (await exit) as unknown[]
    clearTimeout(timer)
    return code ?? signal
  }

  #send(message: ToPeer): void {
    this.#child.send(message)
  }

  #next<Is extends FromPeer['is']>(is: Is): Promise<FromPeer & { is: Is }> {
    return new Promise((resolve) => {
      const listen = (message: FromPeer): void => {
        if (message.is !== is) return
        this.#child.off('message', listen)
        resolve(message as FromPeer & { is: Is })
      }
      this.#child.on('message', listen)
    })
  }
}
