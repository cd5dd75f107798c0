r"""What can be said of tokens only when all have been made: which spaces matter, which bars open and close.

`|x|`, `s | n` and `\{x | x > 0\}` have the same sign. A bar closes if one is open and a value stands before it; opens
if no value stands before it, or if another one follows that can close it; else it stands between.
"""

from __future__ import annotations

from lark import Token

from derive.claims.scanning import OPERANDS, Scanner
from derive.errors import FormulaError

_GOES_ON = frozenset(("REL", "OPERATOR", "SIGN", "SEPARATOR", "LAND", "LOR", "IMPLIES", "IFF", "FORALL"))
_PLACEHOLDERS = ("\\cdot", ":", "*")
_BEGIN_VALUES = frozenset(
    ("NUMBER", "NAME", "FUNCTION", "DOTS", "LB", "OPEN", "FRACTION", "ROOT", "DEGREE", "STYLE", "BIG")
) | {"CASES", "MATRIX", "BAR", "BAR_OPENS"}


def without_spaces(lexer: Scanner, tokens: list[Token]) -> list[Token]:
    """Without wide spaces and the words at the end that follow one, without line breaks within a formula."""
    end = len(tokens)
    while end and tokens[end - 1].type in ("TEXT", "STOP"):
        end -= 1
    if end and end < len(tokens) and tokens[end - 1].type == "WIDE":
        tokens = tokens[:end]
    kept: list[Token] = []
    for place, token in enumerate(tokens):
        if token.type == "WIDE":
            after = tokens[place + 1] if place + 1 < len(tokens) else None
            if after is not None and after.type in _BEGIN_VALUES and kept and kept[-1].type in OPERANDS:
                bracketed = _condition_in_brackets(tokens[place + 1 :])
                if bracketed:
                    sign = Token("FORALL", "\\forall", start_pos=after.start_pos, end_pos=after.start_pos)
                    return [*kept, sign, *bracketed]
                raise _no_product(lexer, tokens, place + 1)
            continue
        if token.type == "STOP":
            raise lexer.error("'.' may stand only in a number and at the end", token.start_pos or 0, "a digit")
        if token.type in _GOES_ON and kept and kept[-1].type == "SEPARATOR" and kept[-1] == "\\\\":
            kept.pop()
        new_line = place > 0 and tokens[place - 1].type == "SEPARATOR" and tokens[place - 1] == "\\\\"
        if token.type == "REL" and new_line and kept and kept[-1].type == "SEPARATOR":
            kept.pop()  # the comma at the end of a line that the next one goes on from
        if token.type == "SEPARATOR" and token == "\\\\" and (not kept or kept[-1].type in _GOES_ON):
            continue
        kept.append(token)
    while kept and kept[-1].type == "SEPARATOR":
        kept.pop()
    return kept


def _condition_in_brackets(tokens: list[Token]) -> list[Token]:
    """What stands in the round brackets that all the rest is, if it is a condition."""
    while tokens and tokens[-1].type == "STOP":
        tokens = tokens[:-1]
    depth, condition = 0, False
    for place, token in enumerate(tokens):
        depth += (token.type in _OPENS) - (token.type in _CLOSES)
        condition = condition or (token.type == "REL" and depth == 1)
        if depth == 0 and place < len(tokens) - 1:
            return []
    round_ = len(tokens) > 2 and tokens[0] == "(" and tokens[-1] == ")"
    return tokens[1:-1] if round_ and condition else []


def _no_product(lexer: Scanner, tokens: list[Token], place: int) -> FormulaError:
    """What stands after a wide space is no factor; conditions in brackets have a place of their own."""
    depth = 0
    offset = tokens[place].start_pos or 0
    for token in tokens[place:]:
        depth += (token.type in _OPENS) - (token.type in _CLOSES)
        if token.type == "REL" and depth and tokens[place].type == "OPEN":
            message = "a condition after the formula is no part of it: it belongs into 'where'"
            return lexer.error(message, offset, "the end")
        if depth == 0:
            break
    return lexer.error("a wide space is no sign: a comma or an operator is needed", offset, "','")


_SPLITTING = frozenset(
    ("SEPARATOR", "REL", "IFF", "IMPLIES", "LOR", "LAND", "LNOT", "FORALL", "TEXT", "ROW", "CELL", "OVER")
)
_OPENS = frozenset(("OPEN", "LB", "CASES", "MATRIX"))
_CLOSES = frozenset(("CLOSE", "RB", "END"))


def bars_decided(lexer: Scanner, tokens: list[Token]) -> list[Token]:
    """Each bar as OPEN, CLOSE or REL: decided in each stretch without brackets and relations by itself."""
    result = list(tokens)
    stretches: list[list[int]] = [[]]
    for place, token in enumerate(tokens):
        if token.type in _OPENS:
            stretches.append([])
        elif token.type in _CLOSES:
            _decide(lexer, result, stretches.pop())
        elif token.type in _SPLITTING:
            _decide(lexer, result, stretches[-1])
            stretches[-1] = []
        elif token.type.startswith("BAR"):
            stretches[-1].append(place)
    _decide(lexer, result, stretches.pop())
    return result


def _decide(lexer: Scanner, tokens: list[Token], bars: list[int]) -> None:
    """The bars of one stretch."""
    left = {kind: sum(str(tokens[b]) == kind for b in bars) for kind in ("|", "\\|")}
    open_bars: list[int] = []
    for place in bars:
        bar = tokens[place]
        left[str(bar)] -= 1
        value_before = place > 0 and tokens[place - 1].type in OPERANDS
        if bar.type == "BAR_OPENS" or (bar.type == "BAR" and not value_before):
            kind = "OPEN"
        elif open_bars and str(tokens[open_bars[-1]]) == str(bar):
            kind = "CLOSE"
        elif bar.type == "BAR_CLOSES":
            raise lexer.error(f"'{bar}' closes nothing that is open", bar.start_pos or 0, "an opening before it")
        else:
            kind = "OPEN" if left[str(bar)] % 2 else "REL"
        if kind == "REL" and str(bar) == "\\|":
            raise lexer.error("'\\|' is never closed: '\\|' is missing", bar.start_pos or 0, "'\\|'")
        if kind == "OPEN":
            open_bars.append(place)
        elif kind == "CLOSE":
            open_bars.pop()
        value = "\\mid" if kind == "REL" else str(bar)
        tokens[place] = Token(kind, value, start_pos=bar.start_pos, end_pos=bar.end_pos)
    if open_bars:
        bar = tokens[open_bars[-1]]
        quoted = lexer.text[bar.start_pos : (bar.end_pos or 0) + 10].strip()
        raise lexer.error(f"'{quoted}' is never closed: '{bar}' is missing", bar.start_pos or 0, f"'{bar}'")


def with_empty_cells(tokens: list[Token], end: int) -> list[Token]:
    """The tokens of a matrix, with empty braces where nothing stands in a cell."""
    if not any(t.type == "DOTS" for t in tokens):
        return tokens
    made: list[Token] = []
    depth, last = 0, "ROW"
    for token in (*tokens, Token("END", "", start_pos=end, end_pos=end)):
        if depth == 0 and token.type in ("CELL", "ROW", "END") and last in ("CELL", "ROW"):
            at = token.start_pos
            made += [Token("LB", "{", start_pos=at, end_pos=at), Token("RB", "}", start_pos=at, end_pos=at)]
        depth += (token.type in _OPENS) - (token.type in _CLOSES)
        made.append(token)
        last = token.type if depth == 0 else ""
    return made[:-1]


def placeholders(tokens: list[Token]) -> list[Token]:
    r"""f(\cdot), X_{i,:}: a sign alone between brackets or commas stands for what may be put there."""
    for place in range(1, len(tokens) - 1):
        before, token, after = tokens[place - 1 : place + 2]
        alone = before.type in ("OPEN", "LB", "SEPARATOR") and after.type in ("CLOSE", "RB", "SEPARATOR")
        if alone and token.type in ("OPERATOR", "REL") and token in _PLACEHOLDERS:
            tokens[place] = Token("NAME", token.lstrip("\\"), start_pos=token.start_pos, end_pos=token.end_pos)
    return tokens
