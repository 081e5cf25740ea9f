"""The living page: an article about results in one HTML file, with everything that it takes to play fresh replications.

`scene` is a scenario as it was played, whichever command played it. `document` turns scenes into the data that the page
reads, `article` into sections of text, tables and places for figures. `html` puts both into one file.
"""
