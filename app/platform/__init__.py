"""Ground of every part of the service: the machine, logs, metrics, slow imports."""
