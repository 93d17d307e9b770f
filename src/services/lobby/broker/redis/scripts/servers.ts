// What a server does: takes its place, keeps it, brings back what it knows, goes.

/** Lobbies from which one script removes members at most, so that Redis does not keep others waiting: measured, 25 ms if each has 256. */
const SLICE = 16

/**
 * Takes a lease and a new token. If Redis is another process than the one that this server knew, then data may be lost: for one lease, everyone brings back what they know.
 * The second one that comes with an old run does not begin that again.
 */
export const REGISTER = `
redis.call('HSET', P .. 'tokens', a.node, a.token)
redis.call('ZADD', P .. 'leases', now + a.lease, a.node)
local info = redis.pcall('INFO', 'server')
local run = type(info) == 'string' and string.match(info, 'run_id:(%w+)') or ''
if a.run ~= '' and a.run ~= run and redis.call('GET', P .. 'recovery') ~= run then
  redis.call('SET', P .. 'recovery', run)
  redis.call('SET', P .. 'recovering', 1, 'PX', a.lease)
end
keepAll()
local lobbies = {}
for _, name in ipairs(redis.call('SMEMBERS', key('of', a.node))) do lobbies[#lobbies + 1] = cjson.encode(name) end
return '{"run":' .. cjson.encode(run) .. ',"since":' .. string.format('%.0f', now)
  .. ',"servers":' .. redis.call('ZCARD', P .. 'leases') .. ',"recovering":' .. tostring(isRecovering())
  .. ',"lobbies":[' .. table.concat(lobbies, ',') .. ']}'
`

/**
 * Prolongs the lease, and gives up servers whose lease ran out. Only a server that has held its own for longer than a lease, without a gap, does that: after Redis was away, or
 * the whole machine stood still, everyone has the time to renew first.
 */
export const RENEW = `
if isStale() then return STALE end
local expiry = tonumber(redis.call('ZSCORE', P .. 'leases', a.node) or 0)
local since = expiry < now and now or a.since
redis.call('ZADD', P .. 'leases', now + a.lease, a.node)
keepAll()
if a.refresh then
  keep(a.ttl * 2, key('of', a.node))
  for _, name in ipairs(redis.call('SMEMBERS', key('of', a.node))) do keepLobby(name) end
end
local isRecovering = isRecovering()
local budget, swept = ${SLICE}, {}
if not isRecovering and now - since > a.lease then
  for _, node in ipairs(redis.call('ZRANGEBYSCORE', P .. 'leases', '-inf', string.format('(%.0f', now), 'LIMIT', 0, 8)) do
    redis.call('HDEL', P .. 'tokens', node)
    for _, name in ipairs(redis.call('SRANDMEMBER', key('of', node), budget)) do
      evict(name, node)
      budget = budget - 1
    end
    if redis.call('SCARD', key('of', node)) > 0 then break end
    redis.call('ZREM', P .. 'leases', node)
    swept[#swept + 1] = cjson.encode(node)
  end
end
return '{"since":' .. string.format('%.0f', since) .. ',"servers":' .. redis.call('ZCARD', P .. 'leases')
  .. ',"recovering":' .. tostring(isRecovering) .. ',"more":' .. tostring(budget <= 0)
  .. ',"swept":[' .. table.concat(swept, ',') .. ']}'
`

/**
 * One lobby of a server that has (again) a connection: makes the lobby if it is missing, puts in the server's own members, takes out those that left meanwhile. Members that are
 * missing get the other session that is given (\`fresh\`), because they were reported gone elsewhere, unless data were lost: then nobody was. One that moved away meanwhile and
 * left there is not brought back.
 */
export const RESTORE = `
if isStale() then return STALE end
local recovering = isRecovering()
local lobby, given = load(a.name), a.fields
local gone = '{"closed":{"name":' .. cjson.encode(a.name) .. ',"revision":null}}'
if given and lobby and given.birth ~= lobby.fields.birth then return gone end
if given and tonumber(redis.call('GET', P .. 'revision') or 0) < tonumber(given.revision) then
  redis.call('SET', P .. 'revision', given.revision)
end
local isChanged, isHostGone = false, a.isHostGone
if lobby == nil then
  if given == nil or #a.members == 0 then
    redis.call('SREM', key('of', a.node), a.name)
    return gone
  end
  isChanged = true
  lobby = make(a.name, given)
  lobby.fields.settled = ''
elseif given and tonumber(given.base) > tonumber(lobby.fields.base) then
  isChanged = true
  for _, name in ipairs({ 'sealed', 'host', 'metadata', 'base' }) do lobby.fields[name] = given[name] end
end
local own = {}
for _, member in ipairs(a.members) do
  local id = tostring(member.id)
  own[id] = true
  local there = lobby.members[id]
  local away = there == nil and redis.call('ZSCORE', key('away', a.node), id .. ' ' .. a.name)
  local isMine = there == nil and not (away and tonumber(away) > member.since) or there and there.node == a.node
  if isMine and not (there and there.session == member.session) or there and not isMine and recovering and member.since > there.since then
    isChanged = true
    put(lobby, id, {
      id = member.id, session = recovering and member.session or member.fresh, node = a.node,
      order = member.order, since = recovering and member.since or revise(lobby)
    })
    redis.call('HSET', key('hashes', a.name), id, member.tokenHash)
    if there then forget(lobby, there.node) end
  end
end
for _, id in ipairs(a.uncertain) do own[tostring(id)] = true end
for id, member in pairs(lobby.members) do
  if member.node == a.node and not own[id] then
    isChanged = true
    isHostGone = isHostGone or id == lobby.fields.host
    drop(lobby, id)
  end
end
forget(lobby, a.node)
if not recovering and (lobby.fields.settled or '') ~= '' then
  isChanged = true
  lobby.fields.settled = ''
end
if recovering and not string.find(lobby.fields.settled or '', a.node, 1, true) then
  isChanged = true
  lobby.fields.settled = (lobby.fields.settled or '') .. a.node .. ' '
end
if not isChanged then return text(lobby) end
return finish(lobby, isHostGone)
`

/** After data were lost and everyone had the time to bring them back: what is missing now is gone. */
export const SETTLE = `
if isStale() then return STALE end
local lobby = load(a.name)
if lobby == nil then return '{"closed":{"name":' .. cjson.encode(a.name) .. ',"revision":null}}' end
if isRecovering() or (lobby.fields.settled or '') == '' then return text(lobby) end
lobby.fields.settled = ''
return finish(lobby, false)
`

/** All members leave, as many lobbies at a time as one script may change; answers how many are left. */
export const UNREGISTER = `
redis.call('HDEL', P .. 'tokens', a.node)
for _, name in ipairs(redis.call('SRANDMEMBER', key('of', a.node), ${SLICE})) do evict(name, a.node) end
local left = redis.call('SCARD', key('of', a.node))
if left == 0 then redis.call('ZREM', P .. 'leases', a.node) end
return tostring(left)
`
