@DATA@
local class, rcode, section, type_of, DONE = kres.class, kres.rcode, kres.section, kres.type, kres.DONE

-- A name in wire form, in lower case: no length octet is a letter.
local function wire(text)
  return kres.str2dname(text):lower()
end

local function label(text)
  return wire(text .. '.'):sub(1, -2)
end

local function without_first_label(name)
  return name:sub(name:byte() + 2)
end

local function number(value)
  return string.char(math.floor(value / 16777216) % 256, math.floor(value / 65536) % 256,
    math.floor(value / 256) % 256, value % 256)
end

local soa = wire('localhost.') .. wire('nobody.invalid.')
  .. number(1) .. number(3600) .. number(1200) .. number(604800) .. number(negative_ttl)

local is_suffix, is_blocked, owners = {}, {}, {}
for _, text in ipairs(suffixes) do
  is_suffix[wire(text)] = true
end
for _, text in ipairs(blocked) do
  is_blocked[label(text)] = true
end
for text, rrsets in pairs(records) do
  local owner = {}
  for name, addresses in pairs(rrsets) do
    local rdata = {}
    for _, address in ipairs(addresses) do
      table.insert(rdata, kres.str2ip(address))
    end
    owner[type_of[name]] = rdata
  end
  owners[label(text)] = owner
end

local function begin(req, code, where)
  local answer = req:ensure_answer()
  if answer ~= nil then
    answer:ad(false)
    answer:aa(true)
    answer:rcode(code)
    answer:begin(where)
  end
  return answer
end

-- NODATA or NXDOMAIN, with an SOA whose owner is apex.
local function negative(req, code, apex)
  local answer = begin(req, code, section.AUTHORITY)
  if answer ~= nil then
    answer:put(apex, negative_ttl, class.IN, type_of.SOA, soa)
    return DONE
  end
end

local function positive(req, name, kind, rdata)
  local answer = begin(req, rcode.NOERROR, section.ANSWER)
  if answer ~= nil then
    for _, data in ipairs(rdata) do
      answer:put(name, ttl, class.IN, kind, data)
    end
    return DONE
  end
end

-- The closest suffix that a name is at or below.
local function closest_suffix(name)
  while #name > 1 do
    if is_suffix[name] then
      return name
    end
    name = without_first_label(name)
  end
end

-- The owner of the SOA where a name is blocked, or below one that is.
local function blocked_apex(name)
  while #name > 1 do
    local parent = without_first_label(name)
    if is_blocked[name:sub(1, name:byte() + 1)] then
      local apex = #parent == 1 and name or closest_suffix(parent)
      if apex then
        return apex
      end
    end
    name = parent
  end
end

policy.add(function (_, query)
  if query.sclass ~= class.IN then
    return nil
  end
  local name = query:name():lower()
  if #name == 1 then
    return nil
  end
  local parent = without_first_label(name)
  local owner = is_suffix[parent] and owners[name:sub(1, name:byte() + 1)]
  local apex = owner and parent or blocked_apex(name)
  if not apex then
    return nil
  end
  return function (_, req)
    local rdata = owner and owner[query.stype]
    if rdata then
      return positive(req, name, query.stype, rdata)
    end
    return negative(req, owner and rcode.NOERROR or rcode.NXDOMAIN, apex)
  end
end)
