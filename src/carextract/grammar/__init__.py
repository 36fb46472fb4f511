"""The grammar of pattern files: typed tokens, patterns over them, and what a captured piece means.

The same machinery serves both levels. *Phrases* join adjacent tokens into larger ones
(``NUM COUNTER`` is a COUNT); *rules* read statements from the tokens of a paragraph. Neither knows
which language a token was printed in: that is the business of the lexicon alone.
"""
