import { useCallback, useEffect, useRef } from 'react'
import type { WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
import { send } from './send.ts'
import type { Point } from './wire.ts'

/** Milliseconds between two packets, at least; style.css glides over them. */
const INTERVAL = 40
/** Milliseconds after which a cursor at rest is sent again: a packet may be lost, and a newcomer has seen none. */
const REPEAT = 1_000

/** A function that tells everyone where this cursor is, as often as it is good for them. */
export function useCursorSender(mesh: WebRTCMultiplayerPeer | null): (point: Point) => void {
  const newest = useRef<Point | null>(null)
  useEffect(() => {
    if (!mesh) return
    let sent: Point | null = null
    let sentAt = 0
    const timer = setInterval(() => {
      const point = newest.current
      const now = performance.now()
      if (point === null || (point === sent && now - sentAt < REPEAT)) return
      send(mesh, { is: 'cursor', ...point })
      sent = point
      sentAt = now
    }, INTERVAL)
    return () => {
      clearInterval(timer)
    }
  }, [mesh])
  return useCallback((point: Point) => {
    newest.current = point
  }, [])
}
