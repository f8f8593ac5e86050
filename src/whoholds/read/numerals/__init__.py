"""Numbers in figures and words: text in, tokens with merged number values out.

Times and quantities both stand on it: `lex` cuts a text once, linearly, and joins what makes one
number ("1.2 million", "twenty-four", "two and a half").
"""

from whoholds.read.numerals.lexer import Kind, Token, lex, number_of_figures

__all__ = ["Kind", "Token", "lex", "number_of_figures"]
