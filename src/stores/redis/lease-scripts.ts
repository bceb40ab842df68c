/** KEYS[1] the lease, ARGV the token and the life in ms. What is no lease at that key is replaced. */
export const LEASE = `
local held = redis.pcall('GET', KEYS[1])
if type(held) == 'string' and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`;

/** Ends a lease that is still the caller's: between his look and his word it may have become another's. */
export const RELEASE = `
if redis.pcall('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0
`;
