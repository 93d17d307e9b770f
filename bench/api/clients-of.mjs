/** The clients of one server, all in this process, and the two loads that they make: as much as goes through, and a rate. */
import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from '../harness/stats.mjs'
import { CLIENTS } from './clients.mjs'
import { watchProcessors } from './processor-use.mjs'

/** Id of the first client; the server has 1. */
const FIRST_ID = 2
const PAYLOAD = 64
/** Milliseconds before the rate is counted: queues fill and congestion windows open. */
const RAMP = 150
/** Milliseconds without any packet after which those still missing are lost. */
const SILENCE = 300

export class ClientsOf {
  #server
  #contestant
  #clients = []

  /** @param server - the other process. */
  constructor(server, contestant) {
    this.#server = server
    this.#contestant = contestant
  }

  /** Takes a signal of the server. */
  signal(id, signal) {
    this.#clients[id - FIRST_ID].signal(signal)
  }

  /** Connects one after the other, as clients come to a server. */
  async connect(count) {
    const [server, contestant] = [this.#server, this.#contestant]
    await server.call('start', contestant)
    for (let id = FIRST_ID; id < FIRST_ID + count; id++) {
      await server.call('add', { contestant, id })
      const client = CLIENTS[contestant](id, (signal) => server.signal({ contestant, id, signal }))
      this.#clients.push(client)
      client.offer()
      await client.ready(id - FIRST_ID)
    }
    await server.call('connected', contestant)
    await Promise.all(this.#clients.map((client) => client.ready(count - 1)))
  }

  close() {
    return Promise.all(this.#clients.map((client) => client.close()))
  }

  /**
   * Every client has at most `cell.window` packets under way that nobody has got yet, and sends the next ones as soon as it may. That keeps the server busy without queues that grow.
   */
  async flood(cell, milliseconds) {
    const clients = this.#clients
    const fanOut = this.#fanOut(cell)
    const payload = new Uint8Array(PAYLOAD)
    const room = clients.map(() => cell.window)
    const turns = clients.map((_, i) => i)
    let isSending = true
    let sent = 0
    let got = 0
    const sendWhatMay = (i) => {
      while (isSending && room[i] >= fanOut) {
        room[i] -= fanOut
        sent += fanOut
        clients[i].send(payload, this.#target(cell, i, turns[i]++), cell.index)
      }
    }
    const used = await watchProcessors(this.#server)
    this.#listen((source) => {
      got++
      room[source - FIRST_ID]++
      sendWhatMay(source - FIRST_ID)
    })
    clients.forEach((_, i) => sendWhatMay(i))

    await sleep(RAMP)
    const [from, start] = [got, performance.now()]
    await sleep(milliseconds)
    const rate = (1000 * (got - from)) / (performance.now() - start)
    isSending = false
    if (got === from) throw new Error(`${this.#contestant}: nothing arrived for ${milliseconds} ms under full load`)
    await this.#settled(() => got, sent)
    return { rate, lost: 1 - got / sent, ...(await used(got)) }
  }

  /** Each millisecond what is due by `rate`, packets that arrive per second. Latency counts from the moment in which the client got to it, its own sending included. */
  async paced(cell, rate, milliseconds) {
    const clients = this.#clients
    const fanOut = this.#fanOut(cell)
    const payload = new Uint8Array(PAYLOAD)
    const view = new DataView(payload.buffer)
    const latencies = []
    const used = await watchProcessors(this.#server)
    this.#listen((_, { buffer, byteOffset }) =>
      latencies.push(performance.now() - new DataView(buffer, byteOffset).getFloat64(0)),
    )
    const start = performance.now()
    let sends = 0
    for (let now = start; now - start < milliseconds; now = performance.now()) {
      view.setFloat64(0, now)
      for (const due = ((now - start) * rate) / fanOut / 1000; sends < due; sends++) {
        const i = sends % clients.length
        clients[i].send(payload, this.#target(cell, i, Math.floor(sends / clients.length)), cell.index)
      }
      await sleep(1)
    }
    const sent = sends * fanOut
    const offered = (1000 * sent) / (performance.now() - start)
    await this.#settled(() => latencies.length, sent)
    return {
      offered,
      lost: 1 - latencies.length / sent,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      ...(await used(latencies.length)),
    }
  }

  #fanOut({ everyone }) {
    return everyone ? this.#clients.length - 1 : 1
  }

  /** Everyone, or each of the others in turn. */
  #target({ everyone }, i, turn) {
    const { length } = this.#clients
    return everyone ? 0 : FIRST_ID + ((i + 1 + (turn % (length - 1))) % length)
  }

  #listen(onPacket) {
    for (const client of this.#clients) client.onPacket = onPacket
  }

  /** Until everything has arrived, or nothing more comes. */
  async #settled(count, sent) {
    let [before, since] = [count(), performance.now()]
    while (count() < sent && performance.now() - since < SILENCE) {
      await sleep(5)
      if (count() !== before) [before, since] = [count(), performance.now()]
    }
    this.#listen(() => undefined)
  }
}
