-- KEYS[1] the card; ARGV[1] its value, which begins with 16 digits of version; ARGV[2] expiry in milliseconds.
local known = redis.call('GET', KEYS[1])
if known and string.match(string.sub(known, 1, 16), '^%x+$') and string.sub(known, 1, 16) >= string.sub(ARGV[1], 1, 16) then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
