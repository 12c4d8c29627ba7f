"""What a client must get: the deployments, the queries, and for each query the answer.

Nothing here knows how a server is started, so that one table serves every way in. The expectations are written out by
hand from the rules in README.md; no code of the project computes them.

deployments   the files, and the addresses that each must publish
rows          names × types × styles → expected
compare       a reply against what is expected, or against another server's reply
cases         for every way in: the queries, the whole replies, and the operator's questions that they answer
deviation     what it is when a server is known to do otherwise
deviations    what every way in is known to do otherwise, and why
"""
