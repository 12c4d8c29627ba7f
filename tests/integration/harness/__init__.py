"""Real servers on loopback, started by a test and always stopped by it.

environment   what the build hands over: paths of servers and modules
process       one child process: its log, its end
ports         free ports
server        a process that answers DNS on a port
nsd, unbound  the servers
upstream      the zones that NSD holds, rogue records for our names among them
client        queries at the wire level, answers as plain values
load          a bounded load of queries, every answer kept
"""
