import { DEFAULT_CHANNEL } from '../../services/inspector/tab/channel.ts'
import { BroadcastInput } from './broadcast-input.ts'
import type { Input } from './input.ts'
import { PostMessageInput } from './post-message-input.ts'
import { WebSocketInput } from './web-socket-input.ts'

/**
 * Where a page gets its messages from, by its address: with `?recording` nowhere, with `?channel` from other tabs, else from the server that it came from; and always from the page
 * that opened it.
 */
export function inputsOfPage(window: Window): readonly Input[] {
  const page = new URL(window.location.href)
  const { searchParams } = page
  if (searchParams.has('recording')) return []
  const opener = PostMessageInput.of(window)
  const channel = searchParams.get('channel')
  const main =
    channel === null
      ? new WebSocketInput(viewUrl(page))
      : new BroadcastInput(channel === '' ? DEFAULT_CHANNEL : channel)
  return opener ? [opener, main] : [main]
}

function viewUrl(page: URL): string {
  const url = new URL('view', page)
  url.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:'
  const token = page.searchParams.get('token')
  if (token !== null) url.searchParams.set('token', token)
  return url.href
}
