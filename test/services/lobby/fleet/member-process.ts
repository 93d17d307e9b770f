// A member of the lobby argv[3] on the server at argv[2], as a process of its own. Tells its id and whom it is connected to; `leave` ends it.
import { joinLobby } from '../../../../src/lobby.ts'

const [, , url = '', lobby = ''] = process.argv

const joined = await joinLobby(url, {
  lobby,
  create: true,
  connection: { libdatachannel: { bindAddress: '127.0.0.1' } },
})
const connected = new Set<number>()
const tell = (): void => {
  process.send?.({ id: joined.id, connected: [...connected] })
}
joined.peer.peerConnected$.subscribe((id) => {
  connected.add(id)
  tell()
})
joined.peer.peerDisconnected$.subscribe((id) => {
  connected.delete(id)
  tell()
})
tell()
process.once('message', () => {
  void joined.leave().then(() => {
    process.disconnect()
  })
})
