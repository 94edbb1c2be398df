"""The made part of `clients/typescript`: types, routes and codes."""
