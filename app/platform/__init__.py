"""What every part of the service stands on: the machine, logs, metrics, slow imports."""
