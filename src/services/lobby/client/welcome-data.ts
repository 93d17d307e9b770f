import type { WelcomeData } from '../../../protocol/lobby/extension.ts'

/** What a WELCOME may say of the heartbeat, milliseconds. */
const HEARTBEAT = { least: 100, most: 600_000, usual: 10_000 }
const DEFAULT_MAX_MESSAGE_SIZE = 65_536

/** What a connection goes by. */
export type Welcome = Pick<WelcomeData, 'heartbeat' | 'maxMessageSize'>

/** Reads a WELCOME; what is missing or makes no sense becomes what is usual. */
export function readWelcome(data: unknown): Welcome {
  const { heartbeat, maxMessageSize } = (data ?? {}) as Record<string, unknown>
  const isBeat = typeof heartbeat === 'number' && heartbeat >= HEARTBEAT.least && heartbeat <= HEARTBEAT.most
  const isSize = typeof maxMessageSize === 'number' && maxMessageSize > 0
  return {
    heartbeat: isBeat ? heartbeat : HEARTBEAT.usual,
    maxMessageSize: isSize ? maxMessageSize : DEFAULT_MAX_MESSAGE_SIZE,
  }
}
