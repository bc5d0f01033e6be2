"""One kind of fix per file: a Diagnosis in, a Remedy with its proof out."""
