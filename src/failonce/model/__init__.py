"""The nouns, as frozen values, and the error tree. Imports nothing of ours."""
