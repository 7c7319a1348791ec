-- Takes one token of KEYS[1], if it holds one. Levels and prices are microseconds of filling: a bucket gains one per
-- microsecond. ARGV: level when full, price of a token, the time, seconds after which an untouched key is forgotten.
-- A refusal writes nothing, so that a bucket nobody empties further is full again when its key expires.
local full, price, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local level, at = full, now
local kept = redis.call('HMGET', KEYS[1], 'level', 'at')
if kept[1] then
    local then_at = tonumber(kept[2])
    -- Machines' clocks differ: one that is behind fills nothing.
    at = math.max(then_at, now)
    level = math.min(full, tonumber(kept[1]) + at - then_at)
end
if level < price then
    return {0, level}
end
level = level - price
-- Numbers become text with 14 digits unless told; microseconds since 1970 have 16.
redis.call('HSET', KEYS[1], 'level', string.format('%.0f', level), 'at', string.format('%.0f', at))
redis.call('EXPIRE', KEYS[1], ARGV[4])
return {1, level}
