"""The parts of the synchronous client.

Made of `facet_client/asynchronous` by `python -m deploy.clients.python`.
"""
