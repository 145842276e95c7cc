-- KEYS a number's; ARGV the number. What is none there is replaced. Numbers of entries are far below what a double holds exactly.
local known = tonumber(redis.pcall('GET', KEYS[1]))
if not known or known < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1])
end
