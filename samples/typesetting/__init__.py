"""Set text as a paper is printed: justified columns, raised digits, three-line tables.

The same text gives the same bytes on every run. A text becomes letters (`letters`), letters become
lines (`strips`) and cells (`tables`), and a `Paper` pours them into columns and pages. `passages`
sets any text, `articles` the articles in `samples/articles`. Lengths are points.
"""
