import { checkWhole, invalid } from '../checks.ts'
import type { DataChannelOptions } from './data-channel.ts'

/** Options with every default filled in; null where W3C has null. */
export interface ResolvedChannelOptions {
  readonly negotiated: boolean
  readonly id: number | null
  readonly ordered: boolean
  readonly maxPacketLifeTime: number | null
  readonly maxRetransmits: number | null
  readonly protocol: string
}

/** RFC 8832: stream 65535 is not a channel. */
const MAX_STREAM_ID = 65534
const MAX_UINT16 = 65535
/** RFC 8832: label and protocol are sent with a 16-bit length. */
const MAX_NAME_BYTES = 65535

/**
 * Checks a channel's label and options before any library sees them, the same on every transport: several wrong values are silently accepted by
 * libdatachannel, others by browsers.
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER`, with the value.
 */
export function resolveChannelOptions(label: string, options: DataChannelOptions = {}): ResolvedChannelOptions {
  checkName('label', label)
  checkName('protocol', options.protocol ?? '')
  const negotiated = options.negotiated ?? false
  const id = checkInteger('id', options.id, MAX_STREAM_ID)
  const maxPacketLifeTime = checkInteger('maxPacketLifeTime', options.maxPacketLifeTime, MAX_UINT16)
  const maxRetransmits = checkInteger('maxRetransmits', options.maxRetransmits, MAX_UINT16)
  if (negotiated && id === null) {
    throw invalid('A negotiated channel needs an id, the same on both sides.', options)
  }
  if (!negotiated && id !== null) {
    throw invalid('An id is only given to a negotiated channel; leave it out or set negotiated to true.', options)
  }
  if (maxPacketLifeTime !== null && maxRetransmits !== null) {
    throw invalid('maxPacketLifeTime and maxRetransmits exclude each other; give one of them.', options)
  }
  return {
    negotiated,
    id,
    ordered: options.ordered ?? true,
    maxPacketLifeTime,
    maxRetransmits,
    protocol: options.protocol ?? '',
  }
}

/** Whether every message arrives: neither its life time nor its retransmissions are limited. */
export function isReliable(options: Pick<ResolvedChannelOptions, 'maxPacketLifeTime' | 'maxRetransmits'>): boolean {
  return options.maxPacketLifeTime === null && options.maxRetransmits === null
}

function checkInteger(name: string, value: number | null | undefined, max: number): number | null {
  if (value === undefined || value === null) return null
  checkWhole(name, value, 0, max)
  return value
}

function checkName(name: string, value: unknown): void {
  if (typeof value !== 'string' || new TextEncoder().encode(value).byteLength > MAX_NAME_BYTES) {
    throw invalid(`${name} must be a string of at most ${MAX_NAME_BYTES} bytes.`, value)
  }
}
