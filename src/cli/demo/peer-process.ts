import { type Command, UsageError } from '../command.ts'
import { DemoPeer } from './demo-peer.ts'
import type { FromPeer, ToPeer } from './messages.ts'

/** Milliseconds after which a process ends that has closed everything and yet is held by something. */
const EXIT_PATIENCE = 2_500

/**
 * One peer of the demo in a process of its own. A process and not a worker thread: the native library aborts everything when a worker ends.
 * The process lives as long as its parent; it ends by itself, everything being closed.
 */
export const demoPeerCommand: Command = {
  help: 'demo-peer is what `webrtc-multiplayer demo` starts for each of its peers.',
  run: (args) => {
    if (process.send === undefined)
      throw new UsageError('demo-peer is started by the demo; use: webrtc-multiplayer demo')
    return runPeerProcess(Number(args[0]))
  },
}

function runPeerProcess(number: number): Promise<number> {
  const peer = new DemoPeer(number, tell)
  return new Promise((resolve) => {
    const leave = (): void => {
      void peer.leave().then(() => {
        if (process.connected) process.disconnect()
        setTimeout(() => process.exit(), EXIT_PATIENCE).unref()
        resolve(0)
      })
    }
    process.on('message', (message: ToPeer) => {
      if (message.type === 'leave') leave()
      else peer.obey(message)
    })
    // The parent is gone, or we are and this is our own disconnect.
    process.once('disconnect', leave)
    process.once('SIGTERM', leave)
    // Ctrl-C and a closed terminal reach every process of the group; the parent decides what they mean.
    process.on('SIGINT', () => undefined)
    process.on('SIGHUP', () => undefined)
    process.on('uncaughtException', (error) => {
      tell({ type: 'failed', message: error.stack ?? error.message }, () => process.exit(1))
    })
    tell({ type: 'ready' })
  })
}

function tell(message: FromPeer, done: () => void = () => undefined): void {
  if (process.connected) process.send?.(message, done)
  else done()
}
