"""One module for each kind of job: what its process does with the parameters."""
