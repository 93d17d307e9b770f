// What the lobby's client adds to descriptions and candidates on their way, and reads from those that come. Godot and browsers ignore both additions.

/** Fifteen digits stay exact in a JavaScript number. */
const ATTEMPT = /^a=x-webrtc-multiplayer-attempt:(\d{1,15})\r?$/m
const UFRAG_LINE = /^a=ice-ufrag:(\S{4,256})\r?$/m
const UFRAG_FIELD = / ufrag (\S+)/

/**
 * Puts the number of the attempt into a description, as a line of the session part. It tells a fresh offer from one that was late or came twice, and which offer an
 * answer is to.
 */
export function withAttempt(sdp: string, attempt: number): string {
  return sdp.replace(/^m=/m, `a=x-webrtc-multiplayer-attempt:${attempt}\r\nm=`)
}

/** The number in a description; null if it has none, as Godot's. */
export function attemptOf(sdp: string): number | null {
  const match = ATTEMPT.exec(sdp)
  return match === null ? null : Number(match[1])
}

/** By which name ICE knows the side that wrote this description. */
export function ufragOf(sdp: string): string | null {
  return UFRAG_LINE.exec(sdp)?.[1] ?? null
}

/** Whether it is worth making a connection for this description: it has the lines that none can do without. */
export function looksLikeDescription(sdp: string): boolean {
  return sdp.startsWith('v=0') && /^m=application /m.test(sdp) && ufragOf(sdp) !== null
}

/** Says to which description a candidate belongs, as browsers do (RFC 8839, section 5.1 allows any extension); libdatachannel does not. */
export function withUfrag(candidate: string, ufrag: string | null): string {
  return ufrag === null || UFRAG_FIELD.test(candidate) ? candidate : `${candidate} ufrag ${ufrag}`
}

/** To which description a candidate belongs; null if it does not say. */
export function ufragOfCandidate(candidate: string): string | null {
  return UFRAG_FIELD.exec(candidate)?.[1] ?? null
}

/** The candidate as it was before {@link withUfrag}. */
export function withoutUfrag(candidate: string): string {
  return candidate.replace(UFRAG_FIELD, '')
}
