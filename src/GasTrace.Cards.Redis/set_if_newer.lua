-- KEYS the cards; ARGV the value of each, which begins with 16 digits of version, and last the expiry in milliseconds, 0 for never.
local expiry = ARGV[#KEYS + 1]
for i = 1, #KEYS do
  -- What is no text is none of ours: an error here, and to be replaced.
  local known = redis.pcall('GET', KEYS[i])
  local version = type(known) == 'string' and string.match(string.sub(known, 1, 16), '^%x+$')
  if not (version and version >= string.sub(ARGV[i], 1, 16)) then
    if expiry == '0' then
      redis.call('SET', KEYS[i], ARGV[i])
    else
      redis.call('SET', KEYS[i], ARGV[i], 'PX', expiry)
    end
  end
end
