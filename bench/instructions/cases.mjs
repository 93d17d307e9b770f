/** What is counted: each case makes a function of the number of the turn, which returns something. */
import { CASES as CODECS } from '../api/codec-cases.mjs'
import { openMesh } from './open-mesh.mjs'

const SIZE = 64

export const CASES = {
  'a loop that does nothing': () => (turn) => turn,
  ...both('position: Vector3 and float', 'by hand'),
  ...both('position: Vector3 and float', 'ours'),
  ...both('chat line, 48 characters', 'ours'),
  ...both('Dictionary, 8 entries', 'ours'),
  ...both('RPC arguments, 5', 'ours'),
  'send a packet to one of 8 peers, reliable': () => sending({ to: 2, mode: 'RELIABLE' }),
  'send a packet to one of 8 peers, unreliable': () => sending({ to: 2, mode: 'UNRELIABLE' }),
  'send a packet to all of 8 peers': () => sending({ to: 0, mode: 'RELIABLE' }),
  async 'a packet arrives, one subscriber'() {
    const { mesh, deliver } = await openMesh()
    const bytes = new Uint8Array(SIZE)
    let last
    mesh.packets$.subscribe((packet) => (last = packet))
    return () => {
      deliver(bytes)
      return last
    }
  },
  async 'a packet arrives, getPacket()'() {
    const { mesh, deliver } = await openMesh()
    const bytes = new Uint8Array(SIZE)
    return () => {
      deliver(bytes)
      return mesh.getPacket()
    }
  },
}

export const NAMES = Object.keys(CASES)

function both(value, contestant) {
  const { encode, decode } = CODECS[value][contestant]
  const named = contestant === 'ours' ? value : `${value}, ${contestant}`
  return {
    [`encode ${named}`]: () => encode,
    [`decode ${named}`]: () => {
      const bytes = encode()
      return () => decode(bytes)
    },
  }
}

async function sending({ to, mode }) {
  const { mesh, TransferMode } = await openMesh()
  const bytes = new Uint8Array(SIZE)
  const options = { to, mode: TransferMode[mode] }
  return () => mesh.send(bytes, options)
}
