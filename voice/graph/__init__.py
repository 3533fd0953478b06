"""What a small Vosk model expects to hear, replaced without its makers' tools.

A model with a dynamic graph keeps its language model in graph/Gr.fst, apart from the sounds. A
folder of links with another Gr.fst is another model at the cost of that one file.
"""
