import {
  type Check,
  isCount,
  isJson,
  isJsonObject,
  isNull,
  isNumber,
  isObject,
  isTime,
  list,
  nullOr,
  object,
  only,
  record,
  text,
} from './check.ts'
import type {
  ActorMessage,
  CandidateView,
  ChannelFacts,
  EventMessage,
  FactsMessage,
  InspectorMessage,
  JsonObject,
  LinkFacts,
  PacketMessage,
  SnapshotMessage,
  SnapshotView,
  SourceGoneMessage,
  SourceMessage,
  TransitionTaken,
  VerdictMessage,
} from './messages.ts'

/** Characters of one frame: the start of a process with a thousand actors has one. */
export const MAX_FRAME_LENGTH = 4 * 1024 * 1024
/** Messages in one frame. */
export const MAX_FRAME_MESSAGES = 16_384

/** What {@link parseInspectorMessages} makes of a frame. */
export type ParsedMessages =
  | {
      readonly ok: true
      readonly messages: readonly InspectorMessage[]
      /** Messages of types that are not known here, left out: whoever sent them may be of a later version. */
      readonly ignored: number
    }
  | { readonly ok: false; readonly reason: string }

const ID = text(200)
const NAME = text(500)
const LINE = text(4_096)
const DEFINITION = text(512 * 1024)
/** More peers, channels or transitions than any machine of ours has room for. */
const MANY = 4_096

/** Session ids begin with their source and a slash, which has to tell whose they are. */
const isSource: Check<string> = (value): value is string => ID(value) && !value.includes('/')

const STAMP = { source: isSource, seq: isCount, time: isTime }
const STATELY = { id: isNull, _version: ID, createdAt: ID, sessionId: ID, rootId: ID }

const isEvent: Check<JsonObject & { readonly type: string }> = (
  value,
): value is JsonObject & { readonly type: string } => isJsonObject(value) && NAME(value.type)

const isSnapshot = object<SnapshotView>(
  { status: only('active', 'done', 'error', 'stopped') },
  { value: isJson, context: isJsonObject, output: isJson, error: LINE },
)
const isTransition = object<TransitionTaken>({ eventType: NAME, from: NAME, to: list(NAME, MANY) }, { guard: NAME })
const isCandidate = object<CandidateView>({ type: ID, protocol: ID, address: ID, port: isCount }, {})
const isChannel = object<ChannelFacts>(
  {
    label: NAME,
    channel: isCount,
    mode: isCount,
    sentPackets: isCount,
    sentBytes: isCount,
    receivedPackets: isCount,
    receivedBytes: isCount,
    droppedPackets: isCount,
    bufferedAmount: isCount,
  },
  {},
)
const isLink = object<LinkFacts>(
  {
    peer: isCount,
    state: NAME,
    roundTripTime: nullOr(isNumber),
    pair: nullOr(object<NonNullable<LinkFacts['pair']>>({ local: isCandidate, remote: isCandidate }, {})),
    channels: list(isChannel, MANY),
    drops: record(isCount, MANY),
  },
  {},
)

const CHECKS: { readonly [T in InspectorMessage['type']]: Check<Extract<InspectorMessage, { readonly type: T }>> } = {
  'webrtc.source': object<SourceMessage>(
    {
      ...STAMP,
      type: only('webrtc.source'),
      name: NAME,
      platform: only('node', 'browser'),
      detail: NAME,
      version: ID,
    },
    {},
  ),
  'webrtc.source-gone': object<SourceGoneMessage>({ ...STAMP, type: only('webrtc.source-gone') }, {}),
  '@xstate.actor': object<ActorMessage>(
    {
      ...STAMP,
      ...STATELY,
      type: only('@xstate.actor'),
      name: NAME,
      snapshot: isSnapshot,
      kind: only('mesh', 'peer', 'negotiation', 'authentication', 'other'),
      group: NAME,
      uniqueId: isCount,
    },
    { parentId: ID, definition: DEFINITION, machine: NAME },
  ),
  '@xstate.event': object<EventMessage>(
    { ...STAMP, ...STATELY, type: only('@xstate.event'), event: isEvent },
    { sourceId: ID },
  ),
  '@xstate.snapshot': object<SnapshotMessage>(
    { ...STAMP, ...STATELY, type: only('@xstate.snapshot'), event: isEvent, snapshot: isSnapshot },
    { causedBy: isCount, transitions: list(isTransition, MANY) },
  ),
  'webrtc.facts': object<FactsMessage>(
    {
      ...STAMP,
      type: only('webrtc.facts'),
      sessionId: ID,
      group: NAME,
      uniqueId: isCount,
      status: isCount,
      links: list(isLink, MANY),
    },
    {},
  ),
  'webrtc.verdict': object<VerdictMessage>(
    {
      ...STAMP,
      type: only('webrtc.verdict'),
      group: NAME,
      uniqueId: isCount,
      peer: isCount,
      reason: NAME,
      message: LINE,
      verdict: isJsonObject,
    },
    {},
  ),
  'webrtc.packet': object<PacketMessage>(
    {
      ...STAMP,
      type: only('webrtc.packet'),
      sessionId: ID,
      group: NAME,
      uniqueId: isCount,
      direction: only('sent', 'received'),
      peer: isCount,
      channel: isCount,
      mode: isCount,
      size: isCount,
    },
    { data: text(512), skipped: isCount },
  ),
}

/** Whether this came as JSON of a message's type; what its other members are is for {@link checkInspectorMessage}. */
const hasKnownType = (value: unknown): value is { readonly type: InspectorMessage['type'] } =>
  isObject(value) && typeof value.type === 'string' && Object.hasOwn(CHECKS, value.type)

/** Whether a value that came as JSON, as from a line of a recording, is a message as `messages.ts` gives them. */
export function checkInspectorMessage(value: unknown): value is InspectorMessage {
  return hasKnownType(value) && CHECKS[value.type](value)
}

/**
 * Reads a frame that came from a network: a JSON array of messages. If one of them does not have the form that `messages.ts` gives, all are refused: whoever sent them is broken
 * or hostile.
 */
export function parseInspectorMessages(frame: string): ParsedMessages {
  if (frame.length > MAX_FRAME_LENGTH) return refuse(`a frame of ${frame.length} characters`)
  let values: unknown
  try {
    values = JSON.parse(frame)
  } catch {
    return refuse('no JSON')
  }
  if (!Array.isArray(values)) return refuse('no array')
  if (values.length > MAX_FRAME_MESSAGES) return refuse(`a frame of ${values.length} messages`)
  const messages: InspectorMessage[] = []
  for (const value of values as readonly unknown[]) {
    if (checkInspectorMessage(value)) messages.push(value)
    else if (hasKnownType(value)) return refuse(`a ${value.type} with a member that is missing, wrong or too large`)
    else if (!isObject(value) || typeof value.type !== 'string') return refuse('a message without a type')
  }
  return { ok: true, messages, ignored: values.length - messages.length }
}

const refuse = (reason: string): ParsedMessages => ({ ok: false, reason })
