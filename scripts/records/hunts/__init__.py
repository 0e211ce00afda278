"""How the broken models of the bug hunts are made, by what a hunt is about.

values: chapter 0, a table of 25 scores. small_models: chapters 1 to 6,
trained on text. cached_reading: chapter 8, a model that is trained as usual
and read with a broken embedding. translating: chapter 9, trained on dates.
measuring: chapter 10, one model of bytes, measured in two ways. modern:
chapter 11, parts of today's block in chapter 6's GPT. pretrained,
pretrained_parts: chapter 12, matrices and parts that are read with what others
were trained with.
Each has a dictionary HUNTS: number of the exercise -> a function that takes
one version of its code, broken or mended, and gives what one would see.
"""
