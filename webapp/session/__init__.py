"""Runs of programs: recorded, bounded, shared out fairly, resumable.  Knows no sockets and no pages.

limits      what one run, one client and the whole server may use
messages    what a client may say
engine      the seam to the model
run         one run of one program, from its recipe to its last stage
log         its recorded stages, as bytes
stream      a run on its way to one client: sent, acknowledged, allowed
shelf       runs in memory, and recipes of the evicted ones
registry    all clients and all runs; who may touch what
runner      the one thread that computes, in fair turns
catalogue   the model's functions and names, and the example programs
cat         what a file in /proc or /sys says at any stage
outcome     questions about a state: maps, residency, ending
calltree    the calls of a run, nested
digest, report, trace   a run in the forms that the command line prints
"""

from webapp.session.limits import Limits, LimitsError
from webapp.session.messages import Refused
from webapp.session.run import Recipe, Run

__all__ = ["Limits", "LimitsError", "Recipe", "Refused", "Run"]
