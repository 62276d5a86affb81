"""How well documents are read, item by item, on data by others (`THEOGEN_DATA`).

Each module beside this file that has `TITLE` and `evaluate(data)` is an item: `evaluate` gets the folder of the data
and gives Markdown, a table as a rule. What it prints meanwhile is progress.
"""
