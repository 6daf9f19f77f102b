"""Why somebody may see a class of data about a young person, or what is missing, and who else."""
