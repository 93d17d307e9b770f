/* A process per hazard: what would abort, crash or hang the process with the bare native library. Prints what the caller saw, as JSON. */
import { readdirSync } from 'node:fs'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import nodeDataChannel from 'node-datachannel'
import { firstValueFrom } from 'rxjs'
import { MultiplayerError } from '../../../../src/multiplayer-error.ts'
import { countAlive } from '../../../../src/transport/node/keep-alive.ts'
import { NodePeerConnection } from '../../../../src/transport/node/node-peer-connection.ts'
import type { PeerConnectionConfiguration } from '../../../../src/transport/peer-connection.ts'
import { ChannelState, ConnectionState } from '../../../../src/transport/states.ts'
import { channelIs, connectPair, isClosed, signal } from '../../../support/connect.ts'
import { mutator } from '../../../support/mutation.ts'

const codeOf = (call: () => unknown): string => {
  try {
    call()
    return 'OK'
  } catch (error) {
    if (error instanceof MultiplayerError) return error.code
    throw error
  }
}

const withChannel = (configuration: PeerConnectionConfiguration = {}): NodePeerConnection => {
  const connection = new NodePeerConnection(configuration)
  connection.createDataChannel('x', { negotiated: true, id: 1 })
  return connection
}

/** Runs something often, ten at a time. */
async function repeat(times: number, run: () => Promise<void>): Promise<void> {
  for (let i = 0; i < times; i += 10) await Promise.all(Array.from({ length: 10 }, run))
}

const openFiles = (): number => readdirSync('/proc/self/fd').length

const hazards: Record<string, () => unknown> = {
  async 'throwing subscribers'() {
    const thrown = new Set<string>()
    process.on('uncaughtException', (error) => thrown.add(error.message))
    const bomb = (name: string) => (): never => {
      throw new Error(name)
    }
    const [a, b] = [withChannel(), withChannel()]
    const inBand = a.createDataChannel('in band')
    signal(a, b)
    for (const c of [a, b]) {
      c.connectionState$.subscribe(bomb('connectionState$'))
      c.gatheringState$.subscribe(bomb('gatheringState$'))
      c.signalingState$.subscribe(bomb('signalingState$'))
      c.sessionDescriptionCreated$.subscribe(bomb('sessionDescriptionCreated$'))
      c.iceCandidateCreated$.subscribe(bomb('iceCandidateCreated$'))
      c.dataChannelReceived$.subscribe((channel) => {
        channel.setReceiver(bomb('receiver'))
        throw new Error('dataChannelReceived$')
      })
    }
    inBand.readyState$.subscribe(bomb('readyState$'))
    inBand.bufferedAmountLow$.subscribe(bomb('bufferedAmountLow$'))
    inBand.message$.subscribe(bomb('message$'))
    const echo = firstValueFrom(b.dataChannelReceived$)
    a.createOffer()
    const received = await echo
    await channelIs(inBand, ChannelState.OPEN)
    received.send('x')
    for (let i = 0; i < 40; i++) inBand.send(new Uint8Array(65536))
    while (thrown.size < 10) await sleep(5)
    a.close()
    b.close()
    return [...thrown].toSorted()
  },
  'answer in stable'() {
    const c = withChannel()
    const codes = [
      codeOf(() => {
        c.setLocalDescription('answer', '')
      }),
      codeOf(() => {
        c.setRemoteDescription('answer', '')
      }),
    ]
    c.close()
    return codes
  },
  'offer without a channel': () =>
    codeOf(() => {
      new NodePeerConnection().createOffer()
    }),
  async 'ice attributes'() {
    const c = withChannel()
    c.createOffer()
    const { type, sdp } = await firstValueFrom(c.sessionDescriptionCreated$)
    const apply = c.setLocalDescription.bind(c) as (...args: unknown[]) => void
    const codes = [
      codeOf(() => {
        apply(type, sdp, { iceUfrag: 'x', icePwd: 'y' })
      }),
      codeOf(() => {
        c.createOffer()
      }),
    ]
    c.close()
    return codes
  },
  'port range full'() {
    const all = Array.from({ length: 4 }, () =>
      withChannel({ libdatachannel: { portRangeBegin: 47000, portRangeEnd: 47001 } }),
    )
    const codes = all.map((c) =>
      codeOf(() => {
        c.createOffer()
      }),
    )
    for (const c of all) c.close()
    return codes
  },
  async 'port range full, answering'() {
    const libdatachannel = { portRangeBegin: 47010, portRangeEnd: 47010 }
    const [first, offering, answering] = [
      withChannel({ libdatachannel }),
      withChannel(),
      withChannel({ libdatachannel }),
    ]
    first.createOffer()
    offering.createOffer()
    const { type, sdp } = await firstValueFrom(offering.sessionDescriptionCreated$)
    const code = codeOf(() => {
      answering.setRemoteDescription(type, sdp)
    })
    for (const c of [first, offering, answering]) c.close()
    return code
  },
  'no free descriptor'() {
    const all: NodePeerConnection[] = []
    let code = 'OK'
    while (code === 'OK' && all.length < 500) {
      const c = withChannel()
      all.push(c)
      code = codeOf(() => {
        c.createOffer()
      })
    }
    for (const c of all) c.close()
    return [code, all.length > 3]
  },
  'foreign address': () => codeOf(() => withChannel({ libdatachannel: { bindAddress: '203.0.113.9' } })),
  async 'cleanup after close'() {
    for (let i = 0; i < 300; i++) {
      withChannel().close()
      if (i % 20 === 0) await sleep(1)
    }
    await sleep(100)
    globalThis.gc?.()
    nodeDataChannel.cleanup()
    return countAlive()
  },
  async 'cleanup after the other side closed'() {
    const [a, b] = await connectPair(NodePeerConnection)
    const seen = isClosed(b.connection)
    a.connection.close()
    await seen
    const started = performance.now()
    nodeDataChannel.cleanup()
    return performance.now() - started < 5000
  },
  async 'worker thread'() {
    const worker = new Worker(new URL(import.meta.url), { argv: ['worker thread'] })
    const message = await new Promise((resolve) => worker.once('message', resolve))
    await worker.terminate()
    return message
  },
  async 'natural exit'() {
    const [a, b] = await connectPair(NodePeerConnection)
    a.connection.close()
    b.connection.close()
    return 'closed'
  },
  async 'natural exit after both sides closed at once'() {
    await repeat(200, async () => {
      const [a, b] = await connectPair(NodePeerConnection)
      b.channels[0].readyState$.subscribe({
        complete: () => {
          b.connection.close()
        },
      })
      const seen = isClosed(b.connection)
      a.channels[0].close()
      a.connection.close()
      await seen
    })
    return 'closed'
  },
  async 'natural exit when only the other side closed'() {
    const [a, b] = await connectPair(NodePeerConnection)
    a.connection.close()
    await isClosed(b.connection)
    return 'closed'
  },
  async 'natural exit after close in every state'() {
    new NodePeerConnection()
    withChannel().close()
    const offered = withChannel()
    offered.createOffer()
    offered.close()
    const described = withChannel()
    described.createOffer()
    const { type, sdp } = await firstValueFrom(described.sessionDescriptionCreated$)
    described.setLocalDescription(type, sdp)
    const answering = withChannel()
    answering.setRemoteDescription(type, sdp)
    described.close()
    await firstValueFrom(answering.sessionDescriptionCreated$)
    answering.close()
    return 'closed'
  },
  async 'order of events'() {
    const wrong: string[] = []
    await repeat(200, async () => {
      const [a, b] = [new NodePeerConnection(), new NodePeerConnection()]
      const [from, to] = [a, b].map((c) => c.createDataChannel('x', { negotiated: true, id: 1 }))
      for (const c of [a, b]) {
        let described = false
        c.sessionDescriptionCreated$.subscribe(() => (described = true))
        c.iceCandidateCreated$.subscribe(() => described || wrong.push('candidate before its description'))
      }
      signal(a, b)
      let received = 0
      to?.setReceiver((data) => {
        if (to.readyState !== ChannelState.OPEN) wrong.push(`message while ${ChannelState[to.readyState]}`)
        if (new TextDecoder().decode(data) !== `m${received++}`) wrong.push('messages out of order')
      })
      from?.readyState$.subscribe((state) => {
        if (state === ChannelState.OPEN) for (let k = 0; k < 100; k++) from.send(`m${k}`)
      })
      a.createOffer()
      while (received < 100) await turn()
      b.close()
      a.close()
    })
    return wrong
  },
  async 'garbage collection'() {
    await repeat(200, async () => {
      const connecting = connectPair(NodePeerConnection)
      globalThis.gc?.()
      await turn()
      globalThis.gc?.()
      for (const { connection } of await connecting) connection.close()
    })
    return 'all open'
  },
  async '300 cycles'() {
    const openAndClose = async (): Promise<void> => {
      const [a, b] = await connectPair(NodePeerConnection)
      const seen = isClosed(b.connection)
      a.connection.close()
      await seen
    }
    await openAndClose()
    while (countAlive() > 0) await sleep(5)
    await sleep(200)
    const before = openFiles()
    await repeat(300, openAndClose)
    const deadline = performance.now() + 5000
    while ((openFiles() > before || countAlive() > 0) && performance.now() < deadline) await sleep(20)
    return { filesLeft: Math.max(0, openFiles() - before), alive: countAlive() }
  },
  async 'mutated input'() {
    const offering = withChannel()
    offering.createOffer()
    const { sdp } = await firstValueFrom(offering.sessionDescriptionCreated$)
    const candidate = 'candidate:1 1 UDP 2114977791 127.0.0.1 51392 typ host'
    const mutate = mutator(1)
    const codes = new Set<string>()
    for (let i = 0; i < 400; i++) {
      const c = withChannel()
      codes.add(
        codeOf(() => {
          c.setRemoteDescription('offer', mutate(sdp))
        }),
      )
      for (let k = 0; k < 20; k++)
        codes.add(
          codeOf(() => {
            c.addIceCandidate('0', 0, mutate(candidate))
          }),
        )
      c.close()
      if (i % 20 === 0) await turn()
    }
    offering.close()
    return [...codes].toSorted()
  },
  async 'wrong answer'() {
    const [a, other] = [withChannel(), withChannel()]
    a.createOffer()
    const offer = await firstValueFrom(a.sessionDescriptionCreated$)
    a.setLocalDescription(offer.type, offer.sdp)
    other.setRemoteDescription(offer.type, offer.sdp)
    const answer = await firstValueFrom(other.sessionDescriptionCreated$)
    const code = codeOf(() => {
      a.setRemoteDescription('answer', answer.sdp.replace(/a=setup:\w+/, 'a=setup:actpass'))
    })
    const state = ConnectionState[a.connectionState]
    a.close()
    other.close()
    return [code, state]
  },
}

if (isMainThread) {
  const hazard = hazards[process.argv[2] ?? '']
  if (hazard === undefined) throw new Error(`unknown hazard ${String(process.argv[2])}`)
  console.log(JSON.stringify(await hazard()))
} else {
  parentPort?.postMessage(codeOf(() => new NodePeerConnection()))
}
