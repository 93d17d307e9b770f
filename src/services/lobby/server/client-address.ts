import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'

/** Groups of an IPv6 address that are given to one household or host; what follows each of them chooses at will. */
const PREFIX_GROUPS = 4

/**
 * Where a request comes from, as far as limits per address go.
 *
 * @param hops - reverse proxies of one's own in front of the server, each of which has added to `X-Forwarded-For` whom it got the request from. What stands further left
 * there the client may have made up.
 */
export function clientAddress({ headers, socket }: IncomingMessage, hops: number): string {
  const forwarded = headers['x-forwarded-for']
  const text = Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')
  const chain = text.split(',').map((address) => address.trim())
  const known = [...chain.filter((address) => address !== ''), socket.remoteAddress ?? 'unknown']
  return addressKey(known[Math.max(0, known.length - 1 - hops)] ?? 'unknown')
}

/** IPv4 as it is, also where it is wrapped in IPv6; of IPv6 the prefix. */
export function addressKey(address: string): string {
  const wrapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (wrapped !== undefined) return wrapped
  if (!isIPv6(address)) return address.slice(0, 64)
  const [head = '', tail] = (address.split('%')[0] as string).toLowerCase().split('::')
  const groups = head === '' ? [] : head.split(':')
  // The zeros that `::` stands for; what follows them only matters if they are few.
  const rest = tail === undefined || tail === '' ? [] : tail.split(':')
  while (tail !== undefined && groups.length + rest.length < 8) groups.push('0')
  return `${[...groups, ...rest].slice(0, PREFIX_GROUPS).map(trimZeros).join(':')}::/64`
}

function trimZeros(group: string): string {
  return group.replace(/^0+(?=.)/, '')
}
