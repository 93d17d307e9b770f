/**
 * What all scripts begin with. Keys, after the prefix:
 *
 * | key | holds |
 * |---|---|
 * | `lobbies` | set of the names of all lobbies; what is not in it does not exist, whatever else is left of it |
 * | `open` | sorted set of those that LIST shows, by their age |
 * | `lobby:<name>` | hash: what is known of it |
 * | `members:<name>` | hash: id -> JSON `{ id, session, node, order, since }`; `order` is the revision at which it joined, `since` that at which it came to its node |
 * | `hashes:<name>` | hash: id -> hash of its token's secret |
 * | `of:<node>` | set of the lobbies in which a server has members |
 * | `away:<node>` | sorted set of the members that moved away from a server, by the revision at which they did; the last thousand |
 * | `leases` | sorted set of the servers, by the time at which each is given up |
 * | `tokens` | hash: server -> what its commands must show; a server that was given up, or has connected anew since it sent them, cannot change anything by them |
 * | `revision` | counts the changes of all lobbies, so that revisions of one name grow even if its lobby is closed and made again |
 * | `recovering` | exists for one lease after data were lost, while servers bring back what they know |
 * | `recovery` | the run of Redis for which that was begun |
 *
 * Each change is published as the script's own reply, on the channel `node:<node>` of every server that had or has a member in the lobby.
 */
export const PRELUDE = `
local P = KEYS[1]
local a = cjson.decode(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local STALE, WAIT, NOTHING = '{"stale":true}', '{"recovering":true}', '{}'

local function key(kind, name) return P .. kind .. ':' .. name end
local function refused(reason) return '{"refused":"' .. reason .. '"}' end
local function isStale() return redis.call('HGET', P .. 'tokens', a.node) ~= a.token end
local function isRecovering() return redis.call('EXISTS', P .. 'recovering') == 1 end

-- Nothing stays for ever if all servers die. What belongs to one lobby or server stays longer than the sets that lead to it.
local function keep(ttl, ...)
  for _, name in ipairs({ ... }) do redis.call('PEXPIRE', name, ttl) end
end
local function keepLobby(name) keep(a.ttl * 2, key('lobby', name), key('members', name), key('hashes', name)) end
local function keepAll()
  keep(a.ttl, P .. 'lobbies', P .. 'open', P .. 'leases', P .. 'tokens', P .. 'recovery')
  keep(a.ttl * 2, P .. 'revision')
end

local function load(name)
  if redis.call('SISMEMBER', P .. 'lobbies', name) == 0 then return nil end
  local lobby = { name = name, fields = {}, members = {}, nodes = {} }
  local fields = redis.call('HGETALL', key('lobby', name))
  for i = 1, #fields, 2 do lobby.fields[fields[i]] = fields[i + 1] end
  local members = redis.call('HGETALL', key('members', name))
  for i = 1, #members, 2 do
    local member = cjson.decode(members[i + 1])
    lobby.members[members[i]] = member
    lobby.nodes[member.node] = true
  end
  return lobby
end

local function make(name, fields)
  redis.call('DEL', key('lobby', name), key('members', name), key('hashes', name))
  redis.call('SADD', P .. 'lobbies', name)
  return { name = name, fields = fields, members = {}, nodes = {} }
end

-- The revision of the change that this script makes.
local function revise(lobby)
  lobby.revision = lobby.revision or redis.call('INCR', P .. 'revision')
  return lobby.revision
end

local function put(lobby, id, member)
  lobby.members[id] = member
  lobby.nodes[member.node] = true
  redis.call('HSET', key('members', lobby.name), id, cjson.encode(member))
  redis.call('SADD', key('of', member.node), lobby.name)
  keep(a.ttl * 2, key('of', member.node))
end

-- A server that has no member left in a lobby has nothing to do with it.
local function forget(lobby, node)
  for _, member in pairs(lobby.members) do
    if member.node == node then return end
  end
  redis.call('SREM', key('of', node), lobby.name)
end

-- To be followed by forget(), once for all members of a server.
local function drop(lobby, id)
  lobby.members[id] = nil
  redis.call('HDEL', key('members', lobby.name), id)
  redis.call('HDEL', key('hashes', lobby.name), id)
end

local function count(lobby)
  local total = 0
  for _ in pairs(lobby.members) do total = total + 1 end
  return total
end

local function text(lobby)
  local members = {}
  for _, member in pairs(lobby.members) do members[#members + 1] = cjson.encode(member) end
  return '{"changed":{"name":' .. cjson.encode(lobby.name) .. ',"fields":' .. cjson.encode(lobby.fields)
    .. ',"recovering":' .. tostring(isRecovering()) .. ',"members":[' .. table.concat(members, ',') .. ']}}'
end

local function publish(lobby, message)
  for node in pairs(lobby.nodes) do redis.call('PUBLISH', key('node', node), message) end
end

-- Writes down what changed and tells it.
local function commit(lobby)
  local fields = lobby.fields
  fields.revision = tostring(revise(lobby))
  local list = {}
  for name, value in pairs(fields) do
    list[#list + 1] = name
    list[#list + 1] = value
  end
  redis.call('HSET', key('lobby', lobby.name), unpack(list))
  if fields.listed == '1' and fields.sealed == '0' and count(lobby) < tonumber(fields.maxMembers) then
    redis.call('ZADD', P .. 'open', fields.created, lobby.name)
  else
    redis.call('ZREM', P .. 'open', lobby.name)
  end
  keepLobby(lobby.name)
  keepAll()
  local message = text(lobby)
  publish(lobby, message)
  return message
end

local function close(lobby)
  local message = '{"closed":{"name":' .. cjson.encode(lobby.name) .. ',"revision":' .. revise(lobby) .. '}}'
  redis.call('DEL', key('lobby', lobby.name), key('members', lobby.name), key('hashes', lobby.name))
  redis.call('SREM', P .. 'lobbies', lobby.name)
  redis.call('ZREM', P .. 'open', lobby.name)
  for node in pairs(lobby.nodes) do redis.call('SREM', key('of', node), lobby.name) end
  publish(lobby, message)
  return message
end

-- After members went: closes the lobby if nobody is left, or with its host if it is to; else somebody is its host.
-- While servers bring back what they know, a host who is missing may be about to be brought, and so may be the one who would be the next.
local function finish(lobby, isHostGone)
  if next(lobby.members) == nil then return close(lobby) end
  if lobby.members[lobby.fields.host] ~= nil then return commit(lobby) end
  local recovering = isRecovering()
  if lobby.fields.onHostLeave == 'close' and (isHostGone or not recovering) then return close(lobby) end
  if not recovering then
    local heir = nil
    for id, member in pairs(lobby.members) do
      if heir == nil or member.order < lobby.members[heir].order then heir = id end
    end
    lobby.fields.host = heir
    lobby.fields.base = tostring(revise(lobby))
  end
  return commit(lobby)
end

-- All members of a server leave a lobby. That server is not told: if it lives after all, it brings them back.
local function evict(name, node)
  local lobby = load(name)
  if lobby == nil then
    redis.call('SREM', key('of', node), name)
    return
  end
  local gone = {}
  for id, member in pairs(lobby.members) do
    if member.node == node then gone[#gone + 1] = id end
  end
  local isHostGone = false
  for _, id in ipairs(gone) do
    isHostGone = isHostGone or id == lobby.fields.host
    drop(lobby, id)
  end
  redis.call('SREM', key('of', node), name)
  lobby.nodes[node] = nil
  finish(lobby, isHostGone)
end
`
