import { expect, test } from '@jest/globals'
import { BroadcastInput } from '../../../src/inspector-page/inputs/broadcast-input.ts'
import type { InputState } from '../../../src/inspector-page/inputs/input.ts'
import { Session } from '../../../src/inspector-page/model/session.ts'
import { startTabInspector } from '../../../src/services/inspector/tab/start-tab-inspector.ts'
import { waitFor } from '../../support/real-time.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'

test('a tab that tells over a channel is seen, and both ends let go of it', async () => {
  const channel = 'test of the broadcast input'
  using mesh = new WebRTCMultiplayerPeer()
  mesh.createMesh(7)
  using tab = startTabInspector({ channel, name: 'my game' })
  tab.watch(mesh, { group: 'tea' })
  const session = new Session()
  const states: InputState[] = []
  const end = new BroadcastInput(channel).start({
    messages: (messages) => session.applyAll(messages),
    state: (state) => states.push(state),
    restart: () => expect('a channel').toBe('never restarted'),
    missed: (count) => expect(count).toBe(0),
  })
  await waitFor(() => session.peers.has('tea|7'), 'the peer is seen')
  expect(tab.isWatched).toBe(true)
  expect([...session.sources.values()].map(({ name }) => name)).toEqual(['my game'])
  expect(states[0]).toBe('open')
  end()
})

test('what others post there is not taken for messages', async () => {
  const channel = 'another test of the broadcast input'
  let missed = 0
  const end = new BroadcastInput(channel).start({
    messages: () => expect('this').toBe('not a message'),
    state: () => undefined,
    restart: () => undefined,
    missed: (count) => (missed += count),
  })
  const other = new BroadcastChannel(channel)
  other.postMessage('hello')
  other.postMessage({ type: 'webrtc.view' })
  other.postMessage([{ type: 'webrtc.source' }, 7])
  await waitFor(() => missed > 0, 'the list has come')
  expect(missed).toBe(2)
  other.close()
  end()
})
