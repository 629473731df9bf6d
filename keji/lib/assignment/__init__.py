"""Assigning experts to many projects: the best total fit there is, proved, with loads, kinds, avoidance and no favours.

Methods: sparse minimum-cost flow with a dual certificate over all pairs; fairness by weighting the worst-off projects
(after Stelmakh, Shah, Singh, PeerReview4All, JMLR 22 (2021)); reciprocal pairs cut at the smaller loss.
"""

from keji.lib.assignment.problem import FULL_FIT, CannotAssign, Problem, Role
from keji.lib.assignment.relax import Relaxation, relaxations
from keji.lib.assignment.solve import Assignment, assign

__all__ = ["FULL_FIT", "Assignment", "CannotAssign", "Problem", "Relaxation", "Role", "assign", "relaxations"]
