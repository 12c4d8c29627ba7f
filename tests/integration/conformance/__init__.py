"""The same table against every way in.

ways      each: a server with what the project gives it, and the same server without
examine   asks everything, compares, and remembers which deviations occurred
markdown  the table of all ways in, as the README and the manual show it
"""
