-- KEYS the cards; ARGV the value of each, which begins with 16 digits of version, and last the expiry in milliseconds.
local expiry = ARGV[#KEYS + 1]
local taken = 0
for i = 1, #KEYS do
  local known = redis.call('GET', KEYS[i])
  if not (known and string.match(string.sub(known, 1, 16), '^%x+$') and string.sub(known, 1, 16) >= string.sub(ARGV[i], 1, 16)) then
    redis.call('SET', KEYS[i], ARGV[i], 'PX', expiry)
    taken = taken + 1
  end
end
return taken
