// What a member does: each script is one operation of BrokerNode.

export const CREATE = `
if isStale() then return STALE end
-- A lobby of that name may be about to be brought back.
if isRecovering() then return WAIT end
if redis.call('SISMEMBER', P .. 'lobbies', a.name) == 1 then return refused('lobby-exists') end
if redis.call('SCARD', P .. 'lobbies') >= a.maxLobbies then return refused('too-many-lobbies') end
local lobby = make(a.name, a.fields)
local revision = revise(lobby)
lobby.fields.created = tostring(revision)
lobby.fields.base = tostring(revision)
put(lobby, '1', { id = 1, session = a.session, node = a.node, order = revision, since = revision })
redis.call('HSET', key('hashes', a.name), '1', a.tokenHash)
return commit(lobby)
`

export const JOIN = `
if isStale() then return STALE end
local lobby = load(a.name)
if lobby == nil then return isRecovering() and WAIT or refused('lobby-not-found') end
if lobby.fields.sealed == '1' then return refused('lobby-sealed') end
if count(lobby) >= tonumber(lobby.fields.maxMembers) then return refused('lobby-full') end
local id = tostring(a.id)
if lobby.members[id] ~= nil then return refused('id-taken') end
local revision = revise(lobby)
put(lobby, id, { id = a.id, session = a.session, node = a.node, order = revision, since = revision })
redis.call('HSET', key('hashes', a.name), id, a.tokenHash)
return commit(lobby)
`

export const RESUME = `
if isStale() then return STALE end
local lobby = load(a.name)
if lobby == nil then return isRecovering() and WAIT or refused('lobby-not-found') end
local id = tostring(a.id)
local member = lobby.members[id]
if member == nil then return isRecovering() and WAIT or refused('token-invalid') end
if a.tokenHash == '' or redis.call('HGET', key('hashes', a.name), id) ~= a.tokenHash then return refused('token-invalid') end
local before = member.node
put(lobby, id, { id = a.id, session = member.session, node = a.node, order = member.order, since = revise(lobby) })
forget(lobby, before)
if before ~= a.node then
  redis.call('ZADD', key('away', before), lobby.revision, a.id .. ' ' .. a.name)
  redis.call('ZREMRANGEBYRANK', key('away', before), 0, -1001)
  keep(a.ttl * 2, key('away', before))
end
return commit(lobby)
`

/** An empty session means: whatever it is. */
export const LEAVE = `
if isStale() then return STALE end
local lobby = load(a.name)
local id = tostring(a.id)
local member = lobby and lobby.members[id]
if not member or member.node ~= a.node or (a.session ~= '' and member.session ~= a.session) then return NOTHING end
drop(lobby, id)
forget(lobby, a.node)
return finish(lobby, id == lobby.fields.host)
`

/** Changes one field of a lobby, for its host: whether it is sealed, or its metadata. */
export const CHANGE = `
if isStale() then return STALE end
local lobby = load(a.name)
if lobby == nil then return isRecovering() and WAIT or refused('lobby-not-found') end
if lobby.fields.host ~= tostring(a.by) then return refused('not-host') end
lobby.fields[a.field] = a.value
lobby.fields.base = tostring(revise(lobby))
return commit(lobby)
`

export const LIST = `
local list = {}
local names = {}
if not a.only then
  names = redis.call('ZRANGE', P .. 'open', 0, a.limit - 1)
elseif redis.call('ZSCORE', P .. 'open', a.only) then
  names = { a.only }
end
for _, name in ipairs(names) do
  local fields = redis.call('HMGET', key('lobby', name), 'mode', 'maxMembers', 'metadata')
  local members = redis.call('HLEN', key('members', name))
  if fields[1] then
    list[#list + 1] = cjson.encode({
      name = name, mode = fields[1], members = members, maxMembers = tonumber(fields[2]), metadata = fields[3]
    })
  end
end
return '[' .. table.concat(list, ',') .. ']'
`

export const COUNT = `
return tostring(redis.call('SCARD', P .. 'lobbies'))
`
