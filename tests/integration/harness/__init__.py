"""Real servers on loopback or in network namespaces, started by a test and always stopped by it.

environment   what the build hands over: paths of servers and modules
process       one child process: its log, its end
ports         free ports
host          where a server runs and how its clients reach it
namespace     hosts in network namespaces, cables that can be pulled
server        a process that answers DNS on a port
nsd, knot, unbound, named, kresd, recursor, dnsmasq
              the servers
fleet         a primary and four resolvers: RPZ by zone transfer (fleet_configuration: what makes it one, fleet_growth:
              what size costs)
upstream      the zones that NSD holds, rogue records for our names among them
client        queries at the wire level, answers as plain values
load          a bounded load of queries, every answer kept
"""
