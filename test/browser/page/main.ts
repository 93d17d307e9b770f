import { BrowserPeerConnection } from '../../../src/transport/browser/browser-peer-connection.ts'
import type { PeerConnectionConfiguration, WebRTCPeerConnection } from '../../../src/transport/peer-connection.ts'
import { FarClient } from '../far/far-client.ts'
import { FarHost } from '../far/far-host.ts'
import { decode, encode, type FarAnswer, type FarCall, type FarEvent } from '../far/wire.ts'
import { declareSuites } from '../suites.ts'
import { TestRegistry } from './registry.ts'

/** What goes over the page's WebSocket: questions of another page to connections in this one, and what connections elsewhere emit. */
export type ToPage = { is: 'ask'; number: number; call: FarCall } | { is: 'events'; events: readonly FarEvent[] }
export type FromPage =
  { is: 'answer'; number: number; answer: FarAnswer } | { is: 'events'; events: readonly FarEvent[] }

/** What the test process uses of this page. */
export interface PageUnderTest {
  run(test: string): Promise<string | null>
}

const create = (configuration?: PeerConnectionConfiguration): WebRTCPeerConnection =>
  new BrowserPeerConnection(configuration)

const socket = new WebSocket(`ws://${location.host}/events${location.search}`)
const send = (message: FromPage): void => {
  socket.send(encode(message))
}
const far = new FarClient((call) => {
  const request = new XMLHttpRequest()
  request.open('POST', `/ask${location.search}`, false)
  request.send(encode(call))
  return decode(request.responseText) as FarAnswer
})
const host = new FarHost(BrowserPeerConnection, (events) => {
  send({ is: 'events', events })
})
socket.onmessage = ({ data }: MessageEvent<string>) => {
  const message = decode(data) as ToPage
  if (message.is === 'events') far.take(message.events)
  else send({ is: 'answer', number: message.number, answer: host.answer(message.call) })
}

const registry = new TestRegistry()
const createFar = (configuration?: PeerConnectionConfiguration): WebRTCPeerConnection => far.create(configuration)
declareSuites(
  registry,
  (arrangement) =>
    arrangement === 'in one page'
      ? { offering: create, answering: create }
      : arrangement === 'the page offers'
        ? { offering: create, answering: createFar }
        : { offering: createFar, answering: create },
  ['in one page', 'the page offers', 'the page answers'],
)
socket.onopen = () => {
  const page: PageUnderTest = { run: (test) => registry.run(test) }
  Object.assign(globalThis, { page })
}
