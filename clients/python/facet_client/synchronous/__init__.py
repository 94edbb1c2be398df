"""The client for programs that wait for several things at once.

Made of `facet_client/asynchronous` by `python -m deploy.clients.python`.
"""
