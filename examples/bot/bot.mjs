// A peer without a game: joins the game's lobby and answers remote calls, those of Godot games too.
import { joinLobby } from 'webrtc-multiplayer/lobby'
import { MultiplayerAPI, rpc, string } from 'webrtc-multiplayer/multiplayer-api'

const [url = 'ws://localhost:9080', lobby = 'oracle'] = process.argv.slice(2)

const joined = await joinLobby(url, { lobby, create: { onHostLeave: 'keep' } })
const api = new MultiplayerAPI(joined.peer)

/** All remote methods of the game's node, as in Oracle.gd. */
const oracle = api.node('/root/Main/Oracle', {
  ask: rpc({ permission: 'any-peer', args: [string], returns: string }, (question, { from, isAwaited }) => {
    const text = answerTo(question, from)
    // Godot awaits nothing: its script has a method for the answer.
    if (!isAwaited) oracle.answer.to(from)(text)
    return text
  }),
  answer: rpc({ permission: 'any-peer', args: [string] }),
})

api.peerConnected$.subscribe((peer) => oracle.answer.to(peer)('Ask me "time", "who" or "peers".'))
console.log(`Peer ${joined.id} in the lobby "${joined.lobby}" of ${url}. Ctrl-C ends it.`)

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await joined.leave()
    await api.close()
  })
}

/**
 * @param {string} question
 * @param {number} from
 */
function answerTo(question, from) {
  switch (question) {
    case 'time':
      return new Date().toISOString()
    case 'who':
      return `You are peer ${from}, I am peer ${api.uniqueId}.`
    case 'peers':
      return api.getPeers().join(', ')
    default:
      return `I do not know "${question}".`
  }
}
