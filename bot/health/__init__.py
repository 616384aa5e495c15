"""Whether the program and its sources are well: asked from outside and from inside, and who is told when not."""
