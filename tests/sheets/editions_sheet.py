"""A sheet with one of everything that an edition could leak: words, claims, formulas, tables, plots, choices."""

SHEET = r"""title = "A sheet"
course = "Course"
author = "A. Teacher"
[[problem]]
title = "A pulse"
text = "A pulse of length $L$ passes a filter."
symbols = { n = "integer >= 1", a = "real" }
[[problem.part]]
title = "In general"
text = "What is the output?"
claim = "filtered_pulse.response"
plot = { kind = "overlap", n = "-4..11", set = { L = 7, a = "3/4" } }
answer = "Quokkas walk over the zebrafish."
remark = "Remarkably wombat."
hint = ["Look at the armadillo.", "Then count the pangolin."]
brief = "Narwhal in short."
[[problem.part]]
title = "With numbers"
text = "Let $L = 7$ and $a = 1/2$."
claim = "filtered_pulse.response"
set = { L = 7, a = "1/2" }
table = { n = "0..12", fold = 2 }
plot = { kind = "stem", n = "-6..12", caption = "Captionword for $L = 7$" }
[[problem.part]]
text = "Why?"
answer = "Because of the axolotl $98765 + x_{4321}$."
[[problem.part.formula]]
text = "The numbat sum is"
left = '\sum_{k=0}^{n} h(k)'
right = '\frac{1-a^{n+1}}{1-a}'
where = ['a \ne 1']
let = ['h(m) = a^m']
[[problem]]
title = "Sizes"
vary = { N = { usual = 9, from = "6..12" } }
[[problem.part]]
title = "Which one"
text = "Choose for $n = <<N>>$."
set = { n = "<<N>>" }
claim = "conv1d_lengths.full_length"
choices = 4
"""
