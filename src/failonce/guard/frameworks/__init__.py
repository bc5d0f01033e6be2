"""Where migrations come from: each framework's own command writes their SQL, in a process of its own."""
