import { createSocket } from 'node:dgram'
import { isIP } from 'node:net'
import type { RtcConfig } from 'node-datachannel'
import { MultiplayerError } from '../../multiplayer-error.ts'

/**
 * Sockets that must be bindable at once before the library may open its own: it opens one per connection, and a few descriptors more at the first
 * one of a process.
 */
const HEADROOM = 4

/** Ports that are tried before a range counts as full; a probe takes about 10 microseconds. */
const MAX_PORTS_TRIED = 4096

/**
 * Tells whether a UDP socket can be bound, now and synchronously: `dgram` binds at once if its name lookup answers at once. Each socket is
 * closed again before the function returns.
 *
 * @returns null or the error code of the operating system, e.g. `EADDRINUSE`, `EADDRNOTAVAIL`, `EMFILE`.
 */
export function probeBind(address: string, port = 0, count = 1): string | null {
  const family = isIP(address) === 6 ? 6 : 4
  const sockets: ReturnType<typeof createSocket>[] = []
  const failed: string[] = []
  try {
    for (let i = 0; i < count && failed.length === 0; i++) {
      const socket = createSocket({
        type: family === 6 ? 'udp6' : 'udp4',
        lookup: (host, _options, callback) => {
          callback(null, host, family)
        },
      })
      socket.on('error', (error: NodeJS.ErrnoException) => {
        failed.push(error.code ?? 'EUNKNOWN')
      })
      sockets.push(socket)
      socket.bind({ address, port, exclusive: true })
    }
  } finally {
    for (const socket of sockets) socket.close()
  }
  return failed[0] ?? null
}

/** Whether the address is one of this machine's. */
export function canBindAddress(address: string): boolean {
  return isIP(address) !== 0 && probeBind(address) !== 'EADDRNOTAVAIL'
}

/**
 * Refuses to gather where the library would abort the process: it does so when it finds no free port in the range or no file descriptor. The
 * guard asks the operating system the same question just before. What it cannot see: another process that takes the last port or
 * descriptor in the microseconds between, and a limit on threads or memory.
 *
 * @throws MultiplayerError `ERR_OUT_OF_MEMORY`
 */
export function assertCanGather(config: RtcConfig): void {
  const wildcard = probeBind('::') === 'EAFNOSUPPORT' ? '0.0.0.0' : '::'
  const address = config.bindAddress ?? wildcard
  const general = probeBind(address, 0, HEADROOM)
  if (general !== null) {
    throw new MultiplayerError(
      'ERR_OUT_OF_MEMORY',
      `No UDP socket can be opened (${general}); close connections or raise the limit of open files.`,
    )
  }
  const { portRangeBegin: begin = 1024, portRangeEnd: end = 65535 } = config
  // With one port for all connections (mux) the port is taken on purpose; an unrestricted range is the kernel's own.
  if (config.enableIceUdpMux === true || (begin <= 1024 && end === 65535)) return
  const size = end - begin + 1
  const start = Math.floor(Math.random() * size)
  for (let i = 0; i < Math.min(size, MAX_PORTS_TRIED); i++) {
    if (probeBind(address, begin + ((start + i) % size)) === null) return
  }
  throw new MultiplayerError(
    'ERR_OUT_OF_MEMORY',
    `Every UDP port from ${begin} to ${end} is in use; close connections or widen portRangeBegin..portRangeEnd.`,
  )
}
