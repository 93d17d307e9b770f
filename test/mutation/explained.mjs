/**
 * What survives and may, by reason. `of` is asked for each mutant that no test has found: its file, and the source before and after, each on one line. A survivor without a reason lets
 * `npm run test:mutation` fail.
 */
export const EXPLAINED = [
  explain('Two names in the text of an error, whose other words are tested.', [
    ['path-cache.ts', "'id'", '""'],
    ['path-cache.ts', "'text'", '""'],
    ['arguments.ts', "'The number of arguments'", '""'],
  ]),
  explain('For TypeScript alone: what follows refuses it as well, or it cannot be.', [
    ['lobby/candidate.ts', 'media === undefined'],
    ['lobby/candidate.ts', 'index === undefined', 'false'],
    ['lobby/json-protocol.ts', "typeof value !== 'object'", 'false'],
    ['lobby/json-protocol.ts', "typeof value === 'number'", 'true'],
    ['lobby/json-protocol.ts', '{ return null }', '{}'],
    ['path-cache.ts', 'md5 === undefined', 'false'],
    ['objects.ts', 'value?.id'],
    ['machines/mesh-machine.ts', 'id === undefined'],
    ['machines/mesh-machine.ts', 'peer?.link'],
    ['machines/mesh-machine.ts', 'peerMeant(args, removal)?.announced', 'peerMeant(args, removal).announced'],
    ['machines/peer-machine.ts', "'error'", '""'],
    ['scene-packets/remote-call.ts', 'size === 4', 'false'],
    ['packet-buffer.ts', 'this.#channels[index]'],
    ['variant/format.ts', '() => 0'],
    ['lobby/message.ts', "typeof type === 'number'", 'true'],
    ['variant/arguments.ts', 'first !== undefined', 'true'],
    ['multiplayer-peer.ts', "emitted.type === 'peerRemoved' && emitted.link instanceof PeerLink"],
    ['multiplayer-peer.ts', "emitted.type === 'peerRemoved'", 'true'],
    ['machines/mesh-machine.ts', '!peer', 'false'],
  ]),
  explain('Only slower: a short cut, or memory taken at once instead of twice.', [
    ['byte-writer.ts', '{ if (this.#length + count > this.#capacity)'],
    ['byte-writer.ts', 'this.#length + count'],
    ['bytes.ts', 'values.byteLength === 0', 'true'],
    ['containers.ts', 'count * 8'],
    ['dictionary-keys.ts', 'isComparedByIdentity(key)', 'false'],
    ['dictionary-keys.ts', '!isComparedByIdentity(key)', 'false'],
    ['dictionary-keys.ts', "typeof key === 'object'"],
    ['dictionary-keys.ts', 'key !== null', 'true'],
    ['dictionary-keys.ts', '!Array.isArray(key)'],
    ['dictionary-keys.ts', 'Object.getPrototypeOf(key) !== Array.prototype'],
    ['variant/utf8.ts', 'ascii !== null', 'false'],
    ['variant/numbers.ts', 'BigInt.asIntN(32, wide) === wide', 'false'],
    ['variant/numbers.ts', "typeof value === 'number' && (value | 0) === value", 'false'],
    ['variant/numbers.ts', "'number'", '""'],
    ['variant/numbers.ts', '{ writeHeader(target, VariantType.INT) target.bytes.u32(value) return }'],
    ['byte-writer.ts', 'this.#capacity === FIRST_SIZE'],
    ['byte-writer.ts', '{ // Nothing of this value must ever be seen in another one.'],
    ['byte-writer.ts', 'this.#length > this.#capacity', 'this.#length >= this.#capacity'],
    ['byte-writer.ts', 'code === 0 || code >= 0x80', 'true'],
    ['variant/bytes.ts', 'bytes.byteLength === 0', 'true'],
    ['godot-version.ts', 'version !== DEFAULT_GODOT_VERSION', 'true'],
    ['variant/type-of.ts', '[Array.prototype'],
    ['variant/type-of.ts', '[Object.prototype'],
    ['variant/type-of.ts', '[values.ArrayOf.prototype'],
    ['variant/type-of.ts', '[values.DictionaryOf.prototype'],
    ['variant/type-of.ts', '[Uint8Array.prototype'],
    ['variant/type-of.ts', '[Int32Array.prototype'],
    ['variant/type-of.ts', '[BigInt64Array.prototype'],
    ['variant/type-of.ts', '[Float32Array.prototype'],
    ['variant/type-of.ts', '[Float64Array.prototype'],
    ['variant/utf8.ts', 'bytes.length > SHORT'],
    ['variant/utf8.ts', 'code >= 0x80', 'true'],
    ['peer-link.ts', 'false', 'true'],
    ['peer-link.ts', '() => false', '() => undefined'],
    ['peer-link.ts', 'this.#waiting[index] === true || pacer.isOn', 'true'],
    ['peer-link.ts', 'this.#options.passed$.observed', 'true'],
    ['peer-link.ts', 'passed$.observed', 'true'],
  ]),
  explain('It would take 2 GiB to show.', [
    ['byte-writer.ts', 'needed > MAX_SIZE'],
    ['byte-writer.ts', '{ throw new MultiplayerError'],
    ['byte-writer.ts', "'ERR_OUT_OF_MEMORY'"],
    ['byte-writer.ts', "'The encoded value is larger than 2 GiB"],
    ['byte-writer.ts', 'Math.min(MAX_SIZE'],
    ['byte-writer.ts', '2 ** 31 - 1'],
  ]),
  explain(
    'The same, by another way: an offset or an index that cannot be 0 there, a second check of what is refused anyway, a branch whose other one writes the same bytes.',
    [
      ['scene-packets/godot3.ts', 'end < 0', 'end <= 0'],
      ['scene-packets/godot3.ts', 'isById(packet.node)', 'false'],
      ['scene-packets/godot3.ts', 'CALL_MIN - 1', 'CALL_MIN + 1'],
      ['scene-packets/remote-call.ts', 'size === 1', 'false'],
      ['scene-packets/remote-call.ts', 'size === 2', 'true'],
      ['arguments.ts', '{ missing: false }', '{}'],
      ['container-types.ts', '-1', '+1'],
      ['container-types.ts', 'default:'],
      ['variant/type-of.ts', 'value !== null', 'true'],
      ['variant/containers.ts', 'type === VariantType.NIL', 'false'],
      ['variant/containers.ts', 'true', 'false'],
      ['packet-reader.ts', 'i < links.length', 'i <= links.length'],
      ['packet-buffer.ts', 'first.order < order', 'first.order <= order'],
      ['negotiation-machine.ts', "context.role === 'answering'", 'true'],
      ['drain.ts', "link.state$.value === 'closed'", 'false'],
      ['drain.ts', "'closed'", '""'],
      ['peer-link.ts', 'channel.readyState !== ChannelState.OPEN', 'false'],
      ['unreliable-pacer.ts', 'this.#tokens < this.#limit', 'this.#tokens <= this.#limit'],
    ],
  ),
  explain(
    'A byte behind the text, where a zero is and which the next value overwrites; memory that was never written is zero.',
    [
      ['byte-writer.ts', 'i < text.length', 'i <= text.length'],
      ['byte-writer.ts', 'at + count', 'at - count'],
    ],
  ),
  explain('What JavaScript does without it: an array whose species is undefined makes plain arrays.', [
    ['variant/values/arrays.ts', '{ return Array }', '{}'],
  ]),
  explain('A first value that is replaced before anybody can see it.', [
    ['negotiation-machine.ts', "'waitingForSignaling'", '""'],
    ['peer-link.ts', "'new'", '""'],
    ['multiplayer-peer.ts', '[]', '["Stryker was here"]'],
  ]),
  explain(
    'A name of which only others are asked for: what is not `disconnect` stays, a gate that is neither open nor shut is gone, a reason that is not a graceful one is not.',
    [
      ['multiplayer-peer.ts', "'stay'", '""'],
      ['multiplayer-peer.ts', "'forced'", '""'],
      ['unreliable-pacer.ts', "'paced'", '""'],
      ['peer-link.ts', "'gone'", '""'],
      ['peer-machine.ts', "{ type: 'noteReason', params: { reason: 'error' } }"],
      ['peer-machine.ts', "'noteReason'", '""'],
      ['peer-machine.ts', "{ reason: 'error' }", '{}'],
    ],
  ),
  explain('The root state does the same; it is there so that the inspector shows where the event was taken.', [
    ['peer-machine.ts', "{ actions: given('noteChannel') }"],
    ['peer-machine.ts', "'noteChannel'", '""'],
  ]),
  explain('Done a second time, it changes nothing.', [['multiplayer-peer.ts', 'this.#isDisposed', 'false']]),
  explain('A connection that is not connected closes at once, gracefully or not.', [
    [
      'peer-link.ts',
      'graceful && connection.connectionState === ConnectionState.CONNECTED',
      'graceful || connection.connectionState === ConnectionState.CONNECTED',
    ],
    ['peer-link.ts', 'connection.connectionState === ConnectionState.CONNECTED', 'true'],
  ]),
  explain('The actor that was stopped has let go of its links before, gracefully.', [
    ['multiplayer-peer.ts', "'mesh-closed'", '""'],
  ]),
  explain('Memory alone: what is closed is not forgotten, and counted as well.', [
    ['retired-links.ts', '{ this.#closing.delete(link) count(link, this.#totals, true) }', '{}'],
  ]),
  explain(
    'XState does the same: an actor that is undefined is the sender itself, and an event that nobody handles changes nothing.',
    [
      ['machines/mesh-machine.ts', '({ self }) => self', '() => undefined'],
      ['machines/mesh-machine.ts', 'nextWaiting(peers) !== undefined', 'true'],
      ['machines/mesh-machine.ts', 'waiting.length === 0', 'false'],
      ['machines/peer-machine.ts', 'parent', 'true'],
    ],
  ),
  explain('A server has no peer 1, so that it is not gated in any way.', [
    ['machines/mesh-machine.ts', 'uniqueId !== TARGET_PEER_SERVER', 'true'],
  ]),
  explain('Actors that fail are named by us: `peer:` is nowhere but at the start.', [
    ['machines/mesh-machine.ts', '/^peer:/', '/peer:/'],
  ]),
]

/** @param mutants - for each, the end of its file's name, the start of the source that it replaces, and the replacement if not every one is meant. */
function explain(why, mutants) {
  const of = ({ file, before, after }) =>
    mutants.some(
      ([name, source, replacement]) =>
        file.endsWith(name) && before.startsWith(source) && (replacement === undefined || after === replacement),
    )
  return { why, of }
}
