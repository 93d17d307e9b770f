import { MultiplayerError } from '../../multiplayer-error.ts'

/** Real candidates have up to about 250 characters. */
const MAX_LENGTH = 1024

// foundation component transport priority address port typ type [more]
const FORM = /^candidate:[\w+/-]{1,32} (\d{1,3}) (\w+) \d{1,10} (\S+) (\d{1,5}) typ (\w+)(?: [\x20-\x7e]*)?$/
const TYPES = new Set(['host', 'srflx', 'prflx', 'relay'])
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/
/** Browsers hide host addresses behind multicast DNS names. */
const MDNS_NAME = /^[\w-]{1,63}\.local$/i

/** A checked candidate. */
export interface ReadCandidate {
  /** Without `a=`. */
  readonly candidate: string
  /** Else TCP. */
  readonly isUdp: boolean
}

/**
 * Checks a remote candidate: libdatachannel silently takes ports beyond 65535, unknown types and names, for each of which it starts a thread
 * to look it up; browsers tell of some faults later and of some never.
 *
 * @returns null for end-of-candidates.
 * @throws MultiplayerError `ERR_INVALID_DATA`
 */
export function readIceCandidate(name: unknown): ReadCandidate | null {
  if (typeof name !== 'string' || name.length > MAX_LENGTH)
    throw malformed('it must be a string of reasonable length', name)
  const candidate = name.trim().replace(/^a=/, '')
  if (candidate === '' || candidate === 'end-of-candidates') return null
  const match = FORM.exec(candidate)
  if (match === null) throw malformed('it is no candidate line', name)
  const [, component, transport = '', address = '', port, type = ''] = match
  if (Number(component) < 1 || Number(component) > 256) throw malformed('its component is out of range', name)
  if (!TYPES.has(type)) throw malformed(`its type '${type}' is unknown`, name)
  if (!isIpAddress(address) && !MDNS_NAME.test(address))
    throw malformed(`its address '${address}' is no IP address`, name)
  if (Number(port) > 65535) throw malformed(`its port ${String(port)} is out of range`, name)
  if (!/^(ud|tc)p$/i.test(transport)) throw malformed(`its transport '${transport}' is unknown`, name)
  const isUdp = transport.toLowerCase() === 'udp'
  if (isUdp && Number(port) === 0) throw malformed('its port is 0', name)
  return { candidate, isUdp }
}

/** As `isIP` of node:net, which browsers lack. */
function isIpAddress(text: string): boolean {
  return IPV4.test(text) || isIPv6(text)
}

/** RFC 4291, section 2.2: eight groups, of which `::` stands for one or more of 0, and the last two may be written as IPv4. */
function isIPv6(text: string): boolean {
  const [, ipv4] = /:(\d+\.[\d.]+)$/.exec(text) ?? []
  if (ipv4 !== undefined && !IPV4.test(ipv4)) return false
  const halves = (ipv4 === undefined ? text : `${text.slice(0, -ipv4.length)}0:0`).split('::')
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const isComplete = halves.length === 2 ? groups.length < 8 : halves.length === 1 && groups.length === 8
  return isComplete && groups.every((group) => /^[\da-f]{1,4}$/i.test(group))
}

function malformed(complaint: string, value: unknown): MultiplayerError {
  return new MultiplayerError(
    'ERR_INVALID_DATA',
    `The remote candidate is refused: ${complaint}. Pass on what the other side's iceCandidateCreated$ gave.`,
    { value },
  )
}
