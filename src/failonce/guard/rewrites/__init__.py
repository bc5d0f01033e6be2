"""Ways to write a statement that need no index: `propose(question)` on its syntax tree. Pure; proven elsewhere."""
