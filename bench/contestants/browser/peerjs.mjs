/**
 * PeerJS with its own PeerServer on this machine. One `Peer` for the page, as an application has it, so it is registered before a set-up is measured. Its default serialization is
 * BinaryPack in pieces of 16,300 bytes; the variant `raw` leaves it out. It queues by itself (`bufferSize`) only what exceeds 8 MiB in its channel; so what waits is what its public
 * `dataChannel` says.
 */
import { Peer } from 'peerjs'
import { BACK_PRESSURE } from '../../harness/back-pressure.mjs'

const NOTHING_IS_DROPPED = '`reliable: false` takes away the order alone'

export const name = 'peerjs'
export const modes = ['reliable']
export const cannot = { ordered: NOTHING_IS_DROPPED, unreliable: NOTHING_IS_DROPPED }

const { low } = BACK_PRESSURE.reliable
const nameOf = (id) => `peer-${id}`

let registered

function register(id) {
  const port = Number(new URL(location.href).searchParams.get('peer-server'))
  const peer = new Peer(nameOf(id), { host: '127.0.0.1', port, config: { iceServers: [] } })
  return new Promise((resolve, reject) => {
    peer.once('open', () => resolve(peer))
    peer.once('error', reject)
  })
}

export async function createEnd({ role, id, peerId, variant }) {
  const peer = await (registered ??= register(id))
  const end = { onPacket: () => undefined, signal: () => undefined }
  let connection
  let openedNow
  end.opened = new Promise((resolve) => (openedNow = resolve))
  const use = (made) => {
    connection = made
    connection.on('open', () => {
      connection.dataChannel.bufferedAmountLowThreshold = low
      openedNow()
    })
    connection.on('data', (data) => end.onPacket(new Uint8Array(data), 'reliable'))
  }
  if (role === 'answer') peer.once('connection', use)
  end.start = () =>
    use(peer.connect(nameOf(peerId), { reliable: true, ...(variant === 'raw' && { serialization: 'raw' }) }))
  end.send = (bytes) => {
    connection.send(bytes)
    return true
  }
  end.buffered = () => connection.dataChannel.bufferedAmount
  end.drained = () =>
    end.buffered() <= low ? undefined : new Promise((resolve) => (connection.dataChannel.onbufferedamountlow = resolve))
  end.close = async () => connection.close()
  return end
}
