-- Asks the policy that was added last, with queries that never leave this process.
--
-- queries: lines "NAME TYPE". answers: for each, its records as lines of a zone file; or "NAME nodata APEX TTL", "NAME
-- nxdomain APEX TTL", or "NAME pass".
local ffi = require('ffi')

local function text(rdata)
  local buffer = ffi.new('char[46]')
  return ffi.string(ffi.C.inet_ntop(#rdata == 4 and 2 or 10, rdata, buffer, 46))
end

-- What a policy sees of a request: an answer that remembers what is put into it.
local function new_request()
  local answer = { records = {} }
  function answer:ad() end
  function answer:aa() end
  function answer:begin() end
  function answer:rcode(code)
    self.code = code
  end
  function answer:put(owner, ttl, _, kind, rdata)
    table.insert(self.records, { owner = kres.dname2str(owner), ttl = ttl, kind = kind, rdata = rdata })
  end
  return { answer = answer, ensure_answer = function () return answer end }
end

local function ask(rule, name, kind, out)
  local query = { sclass = kres.class.IN, stype = kres.type[kind], name = function () return kres.str2dname(name) end }
  local action = rule(nil, query)
  if action == nil then
    out:write(name, ' pass\n')
    return
  end
  local request = new_request()
  assert(action(nil, request) == kres.DONE)
  for _, record in ipairs(request.answer.records) do
    if record.kind == kres.type.SOA then
      local verdict = request.answer.code == kres.rcode.NXDOMAIN and 'nxdomain' or 'nodata'
      out:write(string.format('%s %s %s %d\n', name, verdict, record.owner, record.ttl))
    else
      assert(request.answer.code == kres.rcode.NOERROR)
      out:write(string.format('%s %d IN %s %s\n', record.owner, record.ttl, kind, text(record.rdata)))
    end
  end
end

return function (queries, answers)
  pcall(ffi.cdef, 'const char *inet_ntop(int, const void *, char *, unsigned int);')
  local rule = policy.rules[#policy.rules].cb
  local out = assert(io.open(answers, 'w'))
  for line in io.lines(queries) do
    local name, kind = line:match('^(%S+) (%S+)$')
    ask(rule, name, kind, out)
  end
  out:close()
end
