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
    ],
  ),
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
