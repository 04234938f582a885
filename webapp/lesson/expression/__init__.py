"""The expression language of lessons: small, typed, total; it asks about events and state, and can do nothing.

problem      `ExpressionError` and its two milder kinds
vocabulary   every word of the language with its type, its meaning and an example: the guide's tables come from here
tokens       text into tokens
tree         what a parsed expression is made of
parser       tokens into a tree, every type checked on the way
events       the parser's part for faults, requests, windows and calls
typed        which types go together
evaluate     a tree and a `World` into a value
world        what an expression may be asked of; `webapp.lesson.facts` and `webapp.lesson.recorded` are two of them
"""

from webapp.lesson.expression.evaluate import Value, evaluate
from webapp.lesson.expression.parser import Expression, parse_expression
from webapp.lesson.expression.problem import Absent, ExpressionError, NotRecorded
from webapp.lesson.expression.world import World

__all__ = ["Absent", "Expression", "ExpressionError", "NotRecorded", "Value", "World", "evaluate", "parse_expression"]
